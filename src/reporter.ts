/** How long jobs tell what they do; the command line draws it, a library user may listen or not. */

export interface Reporter {
  /** A fact of the run, one line. */
  line(text: string): void;
  /** A job of `total` steps. */
  bar(label: string, total: number): ProgressBar;
}

export interface ProgressBar {
  /** Steps done so far in all, and what to say beside them. */
  update(done: number, note?: string): void;
  /**
   * So many more of the steps done were done by an earlier run: they say nothing of the speed of this one. Less than 0
   * takes back what turned out to be lost.
   */
  skip(count: number): void;
  done(): void;
}

export const silentReporter: Reporter = {
  line: () => undefined,
  bar: () => ({ update: () => undefined, skip: () => undefined, done: () => undefined }),
};
