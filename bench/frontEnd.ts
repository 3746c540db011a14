/**
 * Time of the log-mel front end, our layer (kernels on one thread and on several; stock ops) against torchaudio and
 * librosa: milliseconds per clip of 29 s, waveforms in and decibels out, copies into and out of tensors included.
 *      npx tsx bench/frontEnd.ts [--engine wasm] [--batch 8] [--repeats 9] [--threads N] [--no-stock] [--json]
 * Peers are used where the Python of SONOTAG_PYTHON, else python3, has them.
 */
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { MelSpectrogram } from '../layers/index.ts';
import { useEngine, type EngineName } from '../src/engine/engine.ts';

interface Case {
  sampleRate: number;
  samples: number;
  nFft: number;
  hopLength: number;
  nMels: number;
}

/** Milliseconds per clip, of each repeat. */
interface Times {
  wall: number[];
  cpu: number[];
}

interface Row extends Times {
  case: number;
  who: string;
  threads: number;
}

const { values: options } = parseArgs({
  options: {
    engine: { type: 'string', default: 'wasm' },
    batch: { type: 'string', default: '8' },
    repeats: { type: 'string', default: '9' },
    threads: { type: 'string', default: String(availableParallelism()) },
    'no-stock': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    // How this script calls itself: the number of kernel threads is settled once in a process.
    ours: { type: 'boolean', default: false },
  },
});
const [batch, repeats, threads] = [options.batch, options.repeats, options.threads].map(Number);
const cases: Case[] = [
  { sampleRate: 12_000, samples: 29 * 12_000, nFft: 512, hopLength: 256, nMels: 96 },
  { sampleRate: 22_050, samples: 29 * 22_050, nFft: 2048, hopLength: 512, nMels: 128 },
];

if (options.ours) process.stdout.write(JSON.stringify(await ours()));
else report(measureAll());

function measureAll() {
  const rows: Row[] = [];
  for (const count of new Set([1, threads])) {
    rows.push(...(JSON.parse(runSelf(count)) as Row[]));
  }
  const python = process.env.SONOTAG_PYTHON ?? 'python3';
  const script = fileURLToPath(new URL('frontEnd.py', import.meta.url));
  const peers = spawnSync(python, [script, JSON.stringify({ threads, batch, repeats, cases })], {
    encoding: 'utf8',
  });
  if (peers.status !== 0) {
    const why = peers.error?.message ?? peers.stderr.trim().split('\n').at(-1);
    return { cases, batch, rows, missing: [`${python}: ${why}`], versions: {} };
  }
  const found = JSON.parse(peers.stdout) as {
    rows: Row[];
    missing: string[];
    versions: Record<string, string>;
  };
  return { cases, batch, ...found, rows: [...rows, ...found.rows] };
}

function runSelf(count: number): string {
  const args = ['--batch', options.batch, '--repeats', options.repeats, '--engine', options.engine];
  // Stock ops know no threads of ours: once is enough.
  const flags = options['no-stock'] || count > 1 ? ['--no-stock'] : [];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...process.execArgv, process.argv[1], '--ours', '--threads', String(count), ...args, ...flags],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`bench/frontEnd.ts failed on ${options.engine}:\n${stderr}`);
  return stdout;
}

async function ours(): Promise<Row[]> {
  await useEngine(options.engine as EngineName, { threads });
  const rows: Row[] = [];
  for (const [number, { samples, ...shape }] of cases.entries()) {
    const decibel = { topDb: 80 };
    const layer = new MelSpectrogram({ ...shape, decibel });
    // Trainable DFT kernels are a matrix product: what stock ops make of the same layer.
    const stock = new MelSpectrogram({ ...shape, decibel, trainableKernels: true });
    const row = (who: string, times: Times) => rows.push({ case: number, who, threads, ...times });
    row(`sonotag, ${options.engine}`, await measure(layer, samples, batch, repeats));
    if (!options['no-stock']) row('stock ops, batch 1', await measure(stock, samples, 1, 3));
  }
  return rows;
}

async function measure(layer: MelSpectrogram, samples: number, clips: number, count: number): Promise<Times> {
  const values = Float32Array.from({ length: clips * samples }, () => 2 * Math.random() - 1);
  const work = async () => {
    const output = tf.tidy(() => layer.apply(tf.tensor2d(values, [clips, samples])) as tf.Tensor);
    await output.data();
    output.dispose();
  };
  await work();
  const times: Times = { wall: [], cpu: [] };
  for (let i = 0; i < count; i++) {
    const [start, startCpu] = [performance.now(), process.cpuUsage()];
    await work();
    const { user, system } = process.cpuUsage(startCpu);
    times.wall.push((performance.now() - start) / clips);
    times.cpu.push((user + system) / 1000 / clips);
  }
  return times;
}

function report(result: ReturnType<typeof measureAll>): void {
  if (options.json) {
    process.stdout.write(`${JSON.stringify(result)}\n`);
    return;
  }
  const lines = ['| case | who | threads | ms/clip, median | spread | processor ms/clip, median |'];
  lines.push('| --- | --- | --- | --- | --- | --- |');
  for (const row of result.rows) {
    const { sampleRate, nFft, hopLength, nMels } = cases[row.case];
    const wall = row.wall.toSorted((a, b) => a - b).map((ms) => ms.toFixed(2));
    const cpu = row.cpu.toSorted((a, b) => a - b).map((ms) => ms.toFixed(2));
    lines.push(
      `| ${sampleRate} Hz, ${nFft}/${hopLength}, ${nMels} mel | ${row.who} | ${row.threads} ` +
        `| ${wall[wall.length >> 1]} | ${wall[0]}–${wall.at(-1)} | ${cpu[cpu.length >> 1]} |`,
    );
  }
  const peers = Object.entries(result.versions).map((entry) => entry.join(' '));
  lines.push('', `batch ${batch}; peers: ${peers.join(', ') || 'none'}`);
  lines.push(...result.missing.map((line) => `missing: ${line}`));
  process.stdout.write(`${lines.join('\n')}\n`);
}
