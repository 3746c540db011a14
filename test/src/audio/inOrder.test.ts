import { expect, test } from 'vitest';

import { inOrder } from '../../../src/audio/inOrder.ts';

/** Work that ends when it is told to. */
function byHand() {
  const ends = new Map<number, { resolve: (value: string) => void; reject: (error: Error) => void }>();
  const work = (item: number) =>
    new Promise<string>((resolve, reject) => void ends.set(item, { resolve, reject }));
  return { ends, work };
}

test('results come in order though the work ends out of order, and no more than `ahead` is started', async () => {
  const { ends, work } = byHand();
  const results = inOrder([0, 1, 2, 3], 2, work);
  const first = results.next();
  expect([...ends.keys()]).toEqual([0, 1]);
  ends.get(1)!.resolve('b');
  await new Promise(setImmediate);
  expect([...ends.keys()]).toEqual([0, 1]); // 1 waits for its turn, and counts
  ends.get(0)!.resolve('a');
  expect(await first).toEqual({ value: 'a', done: false });
  expect([...ends.keys()]).toEqual([0, 1, 2]); // started before 'a' is used
  expect(await results.next()).toEqual({ value: 'b', done: false });
  ends.get(3)!.resolve('d');
  ends.get(2)!.resolve('c');
  const rest: string[] = [];
  for await (const result of results) rest.push(result);
  expect(rest).toEqual(['c', 'd']);
});

test('an error is thrown in its turn, not before', async () => {
  const { ends, work } = byHand();
  const results = inOrder([0, 1, 2], 3, work);
  const first = results.next();
  ends.get(1)!.reject(new Error('second failed'));
  await new Promise(setImmediate);
  ends.get(0)!.resolve('a');
  expect((await first).value).toBe('a');
  await expect(results.next()).rejects.toThrow('second failed');
});

test('a caller that stops early starts no further work', async () => {
  const started: number[] = [];
  for await (const item of inOrder([0, 1, 2, 3, 4], 2, async (i) => (started.push(i), i)))
    if (item === 1) break;
  expect(started).toEqual([0, 1, 2, 3]);
});

test('the index comes along, and fewer items than `ahead` or none are fine', async () => {
  const seen: [string, number][] = [];
  for await (const pair of inOrder('ab', 9, async (item, index) => [item, index] as [string, number]))
    seen.push(pair);
  expect(seen).toEqual([
    ['a', 0],
    ['b', 1],
  ]);
  expect((await inOrder([], 2, async () => 1).next()).done).toBe(true);
  await expect(inOrder([1], 0, async () => 1).next()).rejects.toThrow(
    'ahead must be a whole number >= 1; got 0',
  );
});
