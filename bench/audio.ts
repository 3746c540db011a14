/**
 * From an MP3 file to a 12 kHz mono waveform, on one core: milliseconds for 31 s of audio, for the parts and the whole,
 * and as ratios to librosa (`res_type='soxr_hq'`) and ffmpeg with one thread, run in turn on the same files.
 *      npx tsx bench/audio.ts [--repeats 15] [--json] [FILE.mp3 ...]
 * Without files, one of noise and tones is made with lame or ffmpeg. librosa is looked for in SONOTAG_PYTHON, else python3.
 * ffmpeg's time holds the start of its process, librosa's and ours do not.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { openByteSource } from '../src/audio/byteSource.ts';
import { decodeMp3 } from '../src/audio/decoders/decodeMp3.ts';
import { loadAudio } from '../src/audio/loadAudio.ts';
import { PartCollector } from '../src/audio/partCollector.ts';
import { resample } from '../src/audio/resample.ts';
import { bestResampleBuild } from '../src/audio/resampleKernel/simdResampler.ts';
import { writeWav } from '../src/audio/writeWav.ts';
import { enableRelaxedSimd } from '../src/engine/relaxedSimd.ts';

const sampleRate = 12_000; // Hz
const clipSeconds = 31;

interface Timing {
  /** Milliseconds for 31 s of audio. */
  median: number;
  low: number;
  high: number;
}

interface FileResult {
  file: string;
  fileRate: number;
  channels: number;
  seconds: number;
  timings: Record<string, Timing>;
  /** Of medians, ours by theirs. */
  ratios: Record<string, number>;
}

const { values: options, positionals } = parseArgs({
  options: { repeats: { type: 'string', default: '15' }, json: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const repeats = Number(options.repeats);
enableRelaxedSimd(); // as every engine does
const folder = mkdtempSync(join(tmpdir(), 'sonotag-bench-'));
const missing: string[] = [];
try {
  const results: FileResult[] = [];
  for (const file of positionals.length > 0 ? positionals : [await makeMp3()])
    results.push(await measure(file));
  const kernel = bestResampleBuild();
  if (options.json) process.stdout.write(`${JSON.stringify({ kernel, results, missing })}\n`);
  else print(kernel, results);
} finally {
  rmSync(folder, { recursive: true });
}

async function measure(file: string): Promise<FileResult> {
  const { source } = await loadAudio(file, { sampleRate });
  const scale = clipSeconds / source.seconds;
  const decodedRate = await decodeOnly(file);
  const decoded = (await loadAudio(file, { sampleRate: decodedRate })).samples;
  const times: Record<string, number[]> = { decode: [], resample: [], 'file to waveform': [] };
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    times.decode.push(await clock(() => decodeOnly(file)));
    times.resample.push(await clock(() => void resample(decoded, decodedRate, sampleRate)));
    times['file to waveform'].push(await clock(() => loadAudio(file, { sampleRate })));
    if (!missing.some((line) => line.startsWith('ffmpeg'))) {
      let ran = false;
      const time = await clock(() => void (ran = runFfmpeg(file)));
      if (ran) (times.ffmpeg ??= []).push(time);
      else missing.push('ffmpeg is not on the PATH: its ratio is left out.');
    }
  }
  const librosa = runLibrosa(file);
  if (librosa) times.librosa = librosa;
  const timings = Object.fromEntries(
    Object.entries(times).map(([name, list]) => [name, summarise(list, scale)]),
  );
  const ours = timings['file to waveform'].median;
  const peers = ['librosa', 'ffmpeg'].filter((peer) => timings[peer]);
  const ratios = Object.fromEntries(peers.map((peer) => [peer, ours / timings[peer].median]));
  const { channels, seconds } = source;
  return { file: basename(file), fileRate: source.sampleRate, channels, seconds, timings, ratios };
}

/** All samples decoded and mixed down, but only one kept; returns their rate, which may be lower than the file's. */
async function decodeOnly(file: string): Promise<number> {
  const source = openByteSource(file);
  let decodedRate = 0;
  try {
    await decodeMp3(source, (fileRate) => {
      decodedRate = fileRate;
      const wanted = { first: 0, end: 1 };
      const collector = new PartCollector({ path: file, wanted, fileRate, sampleRate });
      Object.defineProperty(collector, 'isComplete', { value: false }); // decode to the end
      return collector;
    });
  } finally {
    source.close();
  }
  return decodedRate;
}

async function clock(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function summarise(times: number[], scale: number): Timing {
  const sorted = times.map((time) => time * scale).sort((a, b) => a - b);
  return { median: sorted[sorted.length >> 1], low: sorted[0], high: sorted.at(-1)! };
}

function runFfmpeg(file: string): boolean {
  const args = [
    '-v',
    'error',
    '-threads',
    '1',
    '-i',
    file,
    '-ac',
    '1',
    '-ar',
    String(sampleRate),
    '-f',
    'f32le',
    '-',
  ];
  const { status } = spawnSync('ffmpeg', args, { stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 2 ** 30 });
  return status === 0;
}

/** Milliseconds a load; undefined where python has no librosa. */
function runLibrosa(file: string): number[] | undefined {
  const python = process.env.SONOTAG_PYTHON ?? 'python3';
  const program = `
import sys, time, json, librosa
load = lambda: librosa.load(sys.argv[1], sr=${sampleRate}, res_type='soxr_hq')
load()
times = []
for _ in range(${repeats}):
    start = time.perf_counter(); load(); times.append(1e3 * (time.perf_counter() - start))
print(json.dumps(times))`;
  const env = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
  const { status, stdout } = spawnSync(python, ['-c', program, file], { encoding: 'utf8', env });
  if (status === 0) return JSON.parse(stdout) as number[];
  const line = `librosa is not in ${basename(python)}: its ratio is left out. Name a python that has it in SONOTAG_PYTHON.`;
  if (!missing.includes(line)) missing.push(line);
  return undefined;
}

/** 31 s of two tones over noise in stereo, 128 kbit/s. */
async function makeMp3(): Promise<string> {
  const rate = 44_100;
  let state = 1;
  const channel = (frequency: number) =>
    Float32Array.from({ length: clipSeconds * rate }, (_, i) => {
      state = (Math.imul(1103515245, state) + 12345) & 0x7fffffff;
      return 0.4 * Math.sin((2 * Math.PI * frequency * i) / rate) + 0.2 * (state / 2 ** 30 - 1);
    });
  const [wav, mp3] = [join(folder, 'generated.wav'), join(folder, 'generated.mp3')];
  await writeWav(wav, [channel(440), channel(660)], { sampleRate: rate });
  const made =
    spawnSync('lame', ['--quiet', '-b', '128', wav, mp3]).status === 0 ||
    spawnSync('ffmpeg', ['-v', 'error', '-i', wav, '-b:a', '128k', mp3]).status === 0;
  if (!made)
    throw new Error('bench/audio: neither lame nor ffmpeg is there to make an MP3. Name one to measure.');
  return mp3;
}

function print(kernel: string, results: FileResult[]): void {
  const lines = results.flatMap(({ file, fileRate, channels, timings, ratios }) => [
    `${file}: ${fileRate} Hz, ${channels} channel${channels > 1 ? 's' : ''}; resampling kernel ${kernel}`,
    '',
    '| what | ms per 31 s, median | spread |',
    '| --- | --- | --- |',
    ...Object.entries(timings).map(
      ([name, { median, low, high }]) =>
        `| ${name} | ${median.toFixed(1)} | ${low.toFixed(1)}–${high.toFixed(1)} |`,
    ),
    '',
    ...Object.entries(ratios).map(([peer, ratio]) => `file to waveform: ${ratio.toFixed(2)} × ${peer}`),
    '',
  ]);
  process.stdout.write(`${[...lines, ...missing].join('\n')}\n`);
}
