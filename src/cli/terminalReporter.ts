/** Progress for people, on stderr: bars on a terminal, plain lines elsewhere. */
import { SingleBar } from 'cli-progress';
import type { ProgressBar, Reporter } from '../reporter.ts';

/** A bar that runs longer than this in a log gets a line now and then, milliseconds. */
const logInterval = 30_000;

export function terminalReporter(stream: NodeJS.WriteStream = process.stderr): Reporter {
  return {
    line: (text) => void stream.write(`${text}\n`),
    bar: (label, total) => (stream.isTTY ? terminalBar(stream, label, total) : logBar(stream, label, total)),
  };
}

/** Label, bar, count, clips/s, time left, note: made for 80 columns; gone when the job is done. */
function terminalBar(stream: NodeJS.WriteStream, label: string, total: number): ProgressBar {
  const bar = new SingleBar({
    stream,
    format: '{label} {bar} {value}/{total} {rate}/s {left} left {note}',
    barsize: 16,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    clearOnComplete: true,
    stopOnComplete: false,
    // Nothing of the terminal's is changed, so that Ctrl-C or a kill leaves it as it was; too long a line is cut.
    hideCursor: false,
    linewrap: true,
    gracefulExit: false, // cli-progress 3.12 would keep Ctrl-C to itself
    fps: 8,
  });
  const pace = startPace(total);
  bar.start(total, 0, { label, rate: '-', left: '-', note: '' });
  return {
    update: (done, note = '') => bar.update(done, { ...pace.at(done), note }),
    skip: (count) => pace.skip(count),
    done: () => bar.stop(),
  };
}

function logBar(stream: NodeJS.WriteStream, label: string, total: number): ProgressBar {
  const pace = startPace(total);
  let last = performance.now();
  return {
    update: (done, note = '') => {
      const now = performance.now();
      if (now - last < logInterval) return;
      last = now;
      const { rate, left } = pace.at(done);
      stream.write(`${label} ${done}/${total}, ${rate}/s, ${left} left ${note}\n`);
    },
    skip: (count) => pace.skip(count),
    done: () => undefined,
  };
}

/** Steps a second and the time left, by the steps of this run alone. */
function startPace(total: number) {
  const start = performance.now();
  let skipped = 0;
  return {
    skip: (count: number) => void (skipped += count),
    at(done: number): { rate: string; left: string } {
      const rate = Math.max(0, done - skipped) / ((performance.now() - start) / 1000);
      return { rate: formatRate(rate), left: formatSeconds((total - done) / rate) };
    },
  };
}

function formatRate(perSecond: number): string {
  return perSecond >= 10 ? perSecond.toFixed(0) : perSecond.toFixed(1);
}

/** `42s`, `3m05s`, `2h07m`. */
export function formatSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return '-';
  const s = Math.ceil(seconds);
  const pad = (n: number) => String(n).padStart(2, '0');
  if (s < 60) return `${s}s`;
  if (s < 3600) return `${Math.floor(s / 60)}m${pad(s % 60)}s`;
  return `${Math.floor(s / 3600)}h${pad(Math.floor(s / 60) % 60)}m`;
}
