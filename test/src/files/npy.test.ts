import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readNpy, writeNpy, type NpyValues } from '../../../src/files/npy.ts';
import { tempFolder } from '../../support/tempFolder.ts';

interface Fixture {
  arrays: { name: string; shape: number[]; values: number[]; file: string }[];
  refused: Record<string, string>;
}
const fixture = JSON.parse(
  readFileSync(new URL('../../fixtures/npy/npy.json', import.meta.url), 'utf8'),
) as Fixture;
const temp = tempFolder();

function place(name: string, bytes: Uint8Array): string {
  const path = temp(name);
  writeFileSync(path, bytes);
  return path;
}

describe('readNpy', () => {
  test.each(fixture.arrays)('reads what NumPy wrote: $name', async ({ shape, values, file }) => {
    const read = await readNpy(place('numpy.npy', Buffer.from(file, 'base64')));
    expect(read.shape).toEqual(shape);
    expect(Array.from(read.values)).toEqual(values);
  });

  test.each([
    ['big endian', ">f4; needed are little-endian numbers or bool. Save array.astype('<f4')."],
    ['Fortran order', 'is in Fortran order, C order is needed. Save numpy.ascontiguousarray(array).'],
    ['text', 'are of type <U2'],
    ['complex', 'are of type <c8'],
    ['fields', 'of type with named fields'],
    ['2^53', '9007199254740992 is too large for a number here (2^53)'],
  ])('refuses %s, with the fix', async (name, message) => {
    const path = place('refused.npy', Buffer.from(fixture.refused[name], 'base64'));
    await expect(readNpy(path)).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining(message),
    });
  });

  test('refuses what is cut off, longer than it says, missing, a folder, or no .npy', async () => {
    const whole = Buffer.from(fixture.arrays[0].file, 'base64');
    await expect(readNpy(place('cut.npy', whole.subarray(0, whole.length - 1)))).rejects.toThrow(
      'has 151 bytes, but its header asks for 152 (f4, shape [2, 3]): cut off or damaged',
    );
    await expect(readNpy(place('long.npy', Buffer.concat([whole, whole])))).rejects.toThrow('has 304 bytes');
    await expect(readNpy(place('head.npy', whole.subarray(0, 40)))).rejects.toThrow('cut off or damaged');
    await expect(readNpy(place('text.npy', Buffer.from('path,tags\na.wav,rock\n')))).rejects.toThrow(
      'not an .npy file',
    );
    await expect(readNpy(temp('none.npy'))).rejects.toThrow('none.npy: no such file');
    await expect(readNpy(temp())).rejects.toThrow('not a file');
  });

  test('a header that claims a huge array or a huge header is refused before memory is taken', async () => {
    const whole = Buffer.from(fixture.arrays[0].file, 'base64');
    const huge = Buffer.from(whole.toString('latin1').replace('(2, 3), }  ', '(2000000000, 3), }'), 'latin1');
    await expect(readNpy(place('huge.npy', huge))).rejects.toThrow('[2000000000, 3] is too large to read');
    const header = Buffer.from(whole);
    header[6] = 2;
    header.writeUInt32LE(0xffffffff, 8);
    await expect(readNpy(place('header.npy', header))).rejects.toThrow('a header of 4294967295 bytes');
  });

  test('whatever bytes are changed, the array is read or refused in one line', async () => {
    const whole = Buffer.from(fixture.arrays[0].file, 'base64');
    const changes = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(changes, fc.nat(whole.length), async (bytes, kept) => {
        const changed = Buffer.from(whole);
        for (const [at, value] of bytes) changed[at] = value;
        const path = place('fuzz.npy', bytes.length % 2 ? changed : changed.subarray(0, kept));
        try {
          await readNpy(path);
        } catch (error) {
          expect(error).toMatchObject({ name: 'InputError', message: expect.stringMatching(/^[^\n]+$/) });
        }
      }),
      { numRuns: 300, seed: 1 },
    );
  });
});

describe('writeNpy', () => {
  test.each(fixture.arrays.filter(({ name }) => /^(float|int16|uint8)/.test(name)))(
    "gives NumPy's own bytes: $name",
    async ({ name, shape, values, file }) => {
      const types: Record<string, (of: number[]) => NpyValues> = {
        float32: (of) => Float32Array.from(of),
        float64: (of) => Float64Array.from(of),
        int16: (of) => Int16Array.from(of),
        uint8: (of) => Uint8Array.from(of),
      };
      await writeNpy(temp('ours.npy'), { shape, values: types[name.split(' ')[0]](values) });
      expect(readFileSync(temp('ours.npy')).toString('base64')).toBe(file);
    },
  );

  test('a view into a larger array writes the view alone', async () => {
    const values = Float32Array.of(1, 2, 3, 4).subarray(1, 3);
    await writeNpy(temp('view.npy'), { shape: [2], values });
    expect(Array.from((await readNpy(temp('view.npy'))).values)).toEqual([2, 3]);
  });

  test('a shape that does not fit the values is refused', async () => {
    const values = new Float32Array(5);
    await expect(writeNpy(temp('bad.npy'), { shape: [2, 3], values })).rejects.toThrow(
      'writeNpy: shape [2, 3] must hold as many values as there are, 5.',
    );
  });
});
