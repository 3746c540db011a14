/** Work on several items at once, results in order. */

/**
 * Works on `ahead` items at a time and yields their results in the order of the items: the next are worked on while the
 * caller uses one, and no more than `ahead` results wait. Where the work on an item fails, its error is thrown in its
 * turn. A caller that stops early starts no further work.
 *
 * @param ahead Items in work or waiting at a time, a whole number >= 1.
 * @throws RangeError if `ahead` is not a whole number >= 1.
 * @example for await (const waveform of inOrder(paths, 4, (path) => pool.load(path, options))) …
 */
export async function* inOrder<Item, Result>(
  items: Iterable<Item>,
  ahead: number,
  work: (item: Item, index: number) => Promise<Result>,
): AsyncGenerator<Result, void, undefined> {
  if (!(Number.isInteger(ahead) && ahead >= 1)) {
    throw new RangeError(
      `inOrder: ahead must be a whole number >= 1; got ${ahead}. Pass 1 for one at a time.`,
    );
  }
  const iterator = items[Symbol.iterator]();
  const working: Promise<Result>[] = [];
  let index = 0;
  const startNext = () => {
    const { done, value } = iterator.next();
    if (done) return;
    const result = work(value, index++);
    result.catch(() => undefined); // thrown in its turn; until then nobody awaits it
    working.push(result);
  };
  try {
    for (let i = 0; i < ahead; i += 1) startNext();
    while (working.length > 0) {
      const result = await working.shift()!;
      startNext();
      yield result;
    }
  } finally {
    iterator.return?.();
  }
}
