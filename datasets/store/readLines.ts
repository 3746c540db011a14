/** Lines of a file of any size. */
import { open } from 'node:fs/promises';

/** Longer than any line that is written here. */
const mostLineBytes = 2 ** 20;

/**
 * The lines of a file one by one, without their ends; bytes behind the last `\n` are a line, too.
 *
 * @throws Error if the file cannot be read, or a line has more than 1 MiB.
 */
export async function* readLines(path: string): AsyncGenerator<Buffer> {
  const file = await open(path);
  try {
    let rest = Buffer.alloc(0);
    const block = Buffer.alloc(mostLineBytes);
    for (;;) {
      const { bytesRead } = await file.read(block, 0, block.length);
      if (bytesRead === 0) break;
      const bytes = Buffer.concat([rest, block.subarray(0, bytesRead)]);
      let start = 0;
      for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
        yield bytes.subarray(start, end);
        start = end + 1;
      }
      rest = bytes.subarray(start);
      if (rest.length > mostLineBytes) throw new Error(`a line has more than ${mostLineBytes} bytes`);
    }
    if (rest.length > 0) yield rest;
  } finally {
    await file.close();
  }
}
