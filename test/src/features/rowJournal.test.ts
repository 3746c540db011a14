import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { RowJournal } from '../../../src/features/rowJournal.ts';
import { tempFolder } from '../../support/tempFolder.ts';

const temp = tempFolder();
const row = (value: number) => Float32Array.of(value, -value, 0.1 * value);
const rowsOf = (journal: RowJournal) => [...journal.rows()].map((values) => [...values]);

function begin(name: string, indices: number[]): string {
  const journal = new RowJournal(temp(name), 'identity', 3);
  for (const index of indices) journal.add(index, row(index));
  journal.close();
  return journal.path;
}

test('rows come back in the order of the clips, whatever order they were made in', () => {
  begin('order.h5', [4, 0, 7]);
  const journal = new RowJournal(temp('order.h5'), 'identity', 3);
  journal.add(2, row(2));
  expect([...journal.finished.keys()].sort()).toEqual([0, 2, 4, 7]);
  expect(rowsOf(journal)).toEqual([0, 2, 4, 7].map((index) => [...row(index)]));
  journal.remove();
  expect(existsSync(journal.path)).toBe(false);
});

test('a row that was half written is cut off, at every byte of it', () => {
  const path = begin('half.h5', [0, 1]);
  const whole = readFileSync(path);
  for (let missing = 1; missing <= 20; missing++) {
    writeFileSync(path, whole);
    truncateSync(path, whole.length - missing);
    const journal = new RowJournal(temp('half.h5'), 'identity', 3);
    expect([...journal.finished.keys()]).toEqual([0]);
    journal.add(1, row(1));
    expect(rowsOf(journal)).toEqual([[...row(0)], [...row(1)]]);
    journal.close();
    expect(readFileSync(path).equals(whole)).toBe(true);
  }
});

test('from a row that was changed on, nothing is believed', () => {
  const path = begin('changed.h5', [0, 1, 2]);
  const bytes = readFileSync(path);
  bytes[bytes.length - 30] ^= 1; // in the second of three rows of 20 bytes
  writeFileSync(path, bytes);
  appendFileSync(path, 'x');
  const journal = new RowJournal(temp('changed.h5'), 'identity', 3);
  expect([...journal.finished.keys()]).toEqual([0]);
  journal.close();
});

test('rows of another identity, longer, shorter or a beginning of it, are thrown away', () => {
  for (const other of ['other', 'identity and more', 'ident', '']) {
    begin('other.h5', [0]);
    const journal = new RowJournal(temp('other.h5'), other, 3);
    expect(journal.startedOver).toBe(true);
    expect(journal.finished.size).toBe(0);
    journal.add(5, row(5));
    journal.close();
    const again = new RowJournal(temp('other.h5'), other, 3);
    expect(again.startedOver).toBe(false);
    expect(rowsOf(again)).toEqual([[...row(5)]]);
    again.remove();
  }
});

test('a new journal has not started over', () => {
  const journal = new RowJournal(temp('deep', 'new.h5'), 'identity', 3);
  expect(journal.startedOver).toBe(false);
  expect(journal.finished.size).toBe(0);
  journal.remove();
});
