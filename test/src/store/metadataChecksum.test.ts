import { expect, test } from 'vitest';
import { metadataChecksum } from '../../../src/store/metadataChecksum.ts';

test('the checksum is that of lookup3.c, whose driver5 prints these two', () => {
  expect(metadataChecksum(Buffer.from(''))).toBe(0xdeadbeef);
  expect(metadataChecksum(Buffer.from('Four score and seven years ago'))).toBe(0x17770551);
});
