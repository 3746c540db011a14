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
  const start = performance.now();
  bar.start(total, 0, { label, rate: '-', left: '-', note: '' });
  return {
    update: (done, note = '') => {
      const rate = done / ((performance.now() - start) / 1000);
      bar.update(done, { rate: formatRate(rate), left: formatSeconds((total - done) / rate), note });
    },
    done: () => bar.stop(),
  };
}

function logBar(stream: NodeJS.WriteStream, label: string, total: number): ProgressBar {
  const start = performance.now();
  let last = start;
  return {
    update: (done, note = '') => {
      const now = performance.now();
      if (now - last < logInterval) return;
      last = now;
      const rate = done / ((now - start) / 1000);
      const left = formatSeconds((total - done) / rate);
      stream.write(`${label} ${done}/${total}, ${formatRate(rate)}/s, ${left} left ${note}\n`);
    },
    done: () => undefined,
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
