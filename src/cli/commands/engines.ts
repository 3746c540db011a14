/** `sonotag engines`: what this machine can compute on, what is missing and why, and how fast each is. */
import { Command } from 'commander';
import type { EngineReport } from '../../engine/listEngines.ts';
import { terminalWidth, wrapText } from '../wrapText.ts';

const INDENT = 32; // where the last column starts

interface EnginesOptions {
  json?: true;
}

export function enginesCommand(): Command {
  return new Command('engines')
    .description('list the engines: what is available, what is not and what to do, measured speed')
    .option('--json', 'print the list as JSON on stdout')
    .action(async (options: EnginesOptions) => {
      // Loaded here, since TensorFlow.js takes half a second that `--help` need not wait for.
      const { listEngines } = await import('../../engine/listEngines.ts');
      if (process.stderr.isTTY) process.stderr.write('Measuring, a few seconds for each engine ...\n');
      const reports = await listEngines({ measure: true });
      process.stdout.write(options.json ? `${JSON.stringify(reports, null, 2)}\n` : formatEngines(reports));
    });
}

/** The table for a terminal of 80 columns. */
export function formatEngines(reports: readonly EngineReport[]): string {
  const chosen = reports.find(({ auto }) => auto);
  const lines = [row('ENGINE', 'AVAILABLE', 'GFLOP/S', 'DEVICE, VERSION, REMARK')];
  for (const { name, available, auto, device, version, reason, gigaflops } of reports) {
    const texts = [device, version, reason].filter((text) => text !== undefined);
    const [first, ...rest] = texts.flatMap((text) => wrapText(text, terminalWidth - INDENT));
    const speed = gigaflops === undefined ? '-' : formatRate(gigaflops);
    lines.push(row(auto ? `${name} *` : name, available ? 'yes' : 'no', speed, first));
    lines.push(...rest.map((text) => row('', '', '', text)));
  }
  if (chosen !== undefined) lines.push('', '* taken by --engine auto, which is the default');
  lines.push('GFLOP/s: measured on float32 matrix products');
  return `${lines.join('\n')}\n`;
}

function row(engine: string, available: string, speed: string, text: string): string {
  return `${engine.padEnd(12)}  ${available.padEnd(9)} ${speed.padStart(7)} ${text}`.trimEnd();
}

/** Three digits that count: 0.77, 33.4, 190, 21600. */
function formatRate(gigaflops: number): string {
  return String(Number(gigaflops.toPrecision(3)));
}
