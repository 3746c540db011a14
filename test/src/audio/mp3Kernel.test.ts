import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { byteSourceOf } from '../../../src/audio/byteSource.ts';
import { loadAudio } from '../../../src/audio/loadAudio.ts';
import { DamagedFrameError, fitsEverySecond, Mp3Kernel } from '../../../src/audio/mp3Kernel/mp3Kernel.ts';
import {
  HUFFMAN_CODES,
  SCALE_FACTOR_BANDS,
  SYNTHESIS_WINDOW,
} from '../../../src/audio/mp3Kernel/standardTables.ts';
import { readMpegHeader, surveyMpegFrames } from '../../../src/audio/mpegFrames.ts';
import { resample } from '../../../src/audio/resample.ts';
import { bestResampleBuild } from '../../../src/audio/resampleKernel/simdResampler.ts';
import {
  changeFrames,
  decodeAll,
  decodeByMpg123,
  FIELDS,
  framesOf,
  getBits,
  granulePlaces,
  setBits,
} from './mp3Streams.ts';
import { writeTemporary } from './temporaryFolder.ts';

const NAMES = ['lame-bare', 'lame-mono', 'lame-stereo', 'lame-attacks', 'lame-8k', 'lame-checksum'];
const kernel = new Mp3Kernel('simd');
const builds =
  bestResampleBuild() === 'relaxedSimd' ? (['simd', 'relaxedSimd'] as const) : (['simd'] as const);

const rms = (samples: Float32Array) => Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
const minus = (a: Float32Array, b: Float32Array) => a.map((x, i) => x - b[i]);

/** ISO 11172-4 calls a decoder fully accurate below 8.8e-6; float32 gives more. */
async function expectLikeMpg123(stream: Uint8Array, decoder = kernel): Promise<void> {
  const [actual, expected] = [decodeAll(decoder, stream), await decodeByMpg123(stream)];
  expect(actual).toHaveLength(expected.length);
  const error = minus(actual, expected);
  expect(rms(error)).toBeLessThan(6e-7 * Math.max(0.5, rms(expected)));
  expect(Math.max(...error.map(Math.abs))).toBeLessThan(4e-6 * Math.max(1, rms(expected)));
}

for (const build of builds) {
  test.each(NAMES)(
    `%s.mp3, built for ${build}, is what mpg123 gives, within float32's rounding`,
    async (name) => {
      await expectLikeMpg123(framesOf(`${name}.mp3`, 7), new Mp3Kernel(build));
    },
  );
}

const attacks = framesOf('lame-attacks.mp3', 3); // MPEG-1, stereo, with start, short and stop blocks
const typesIn = (stream: Uint8Array) => {
  const types = new Set<number>();
  changeFrames(stream, (bytes, at) => {
    for (const place of granulePlaces(at)) {
      types.add(getBits(bytes, place + FIELDS.switched, 1) && getBits(bytes, place + FIELDS.blockType, 2));
    }
  });
  return types;
};

test.each<[string, (copy: Uint8Array, at: number) => void]>([
  ['sum and difference in all frames', (copy, at) => (copy[at + 3] = (copy[at + 3] & 0x0f) | 0x60)],
  ['left and right in all frames', (copy, at) => (copy[at + 3] &= 0x0f)],
  ['mixed blocks', (copy, at) => changeTypes(copy, at, 2, 2, 1)],
  ['start and stop windows whose lowest subbands are long', (copy, at) => changeTypes(copy, at, 1, 1, 1)],
  [
    'a start window beside a stop window, with sum and difference',
    (copy, at) => {
      copy[at + 3] = (copy[at + 3] & 0x0f) | 0x60;
      changeTypes(copy, at, 3, 1, 0, [0, 2]);
    },
  ],
])('%s: as mpg123 decodes it', async (_, change) => {
  expect([...typesIn(attacks)].sort()).toEqual([1, 2, 3]);
  const changed = changeFrames(attacks, change);
  expect(changed).not.toEqual(new Uint8Array(attacks));
  await expectLikeMpg123(changed);
});

/** Blocks of one type become another; of all four granules of channels, or those named. */
function changeTypes(
  copy: Uint8Array,
  at: number,
  from: number,
  to: number,
  mixed: number,
  which = [0, 1, 2, 3],
): void {
  const places = granulePlaces(at);
  for (const place of which.map((i) => places[i])) {
    if (
      getBits(copy, place + FIELDS.switched, 1) === 0 ||
      getBits(copy, place + FIELDS.blockType, 2) !== from
    )
      continue;
    setBits(copy, place + FIELDS.blockType, 2, to);
    setBits(copy, place + FIELDS.mixed, 1, mixed);
  }
}

test.each(NAMES)('%s.mp3 in blocks of any size gives the same bits', (name) => {
  const stream = framesOf(`${name}.mp3`, 3);
  const whole = decodeAll(kernel, stream);
  for (const blockBytes of [1, 100, 1441]) expect(decodeAll(kernel, stream, {}, blockBytes)).toEqual(whole);
});

test.each<[string, number, 1 | 2, number]>([
  ['lame-attacks.mp3', 44100, 2, 12000],
  ['lame-attacks.mp3', 44100, 2, 16000],
  ['lame-attacks.mp3', 44100, 1, 22050],
  ['lame-stereo.mp3', 22050, 2, 8000],
  ['lame-checksum.mp3', 32000, 2, 12000],
])(
  '%s: what is left out of %i Hz, step %i, is 100 dB below the file once it is at %i Hz',
  (name, rate, step, wanted) => {
    const stream = framesOf(name, 40);
    const whole = decodeAll(kernel, stream);
    const expected = resample(whole, rate, wanted);
    const options = { step, highest: wanted / 2 };
    const inner = (samples: Float32Array) => samples.subarray(200, expected.length - 200); // the file's edges are steep
    const error = minus(resample(decodeAll(kernel, stream, options), rate / step, wanted), expected);
    expect(rms(inner(error))).toBeLessThan(1e-5 * rms(whole));
  },
);

test('every second sample, from the first or the second on, are the samples of a signal low enough', () => {
  const stream = framesOf('lame-bare.mp3', 20); // a sine at 440 Hz
  const whole = decodeAll(kernel, stream);
  for (const phase of [0, 1] as const) {
    const half = decodeAll(kernel, stream, { step: 2, phase });
    const expected = Float32Array.from({ length: whole.length / 2 }, (_, i) => whole[2 * i + phase]);
    expect(rms(minus(half, expected))).toBeLessThan(1e-3); // the quantization noise above 11 kHz is not there
    expect(rms(expected)).toBeGreaterThan(0.25);
  }
});

test('every second sample is enough up to 14 of 32 subbands, and never at an odd rate', () => {
  expect(fitsEverySecond(44100, 6000)).toBe(true);
  expect(fitsEverySecond(44100, 9646)).toBe(true); // 14 subbands are 9646.9 Hz
  expect(fitsEverySecond(44100, 9648)).toBe(false);
  expect(fitsEverySecond(11025, 1000)).toBe(false);
});

/** A stream with some bits of its frames other than their headers changed. */
const damage = (stream: Uint8Array) =>
  fc
    .array(fc.tuple(fc.nat(stream.length - 1), fc.nat(255)), { minLength: 1, maxLength: 40 })
    .map((changes) => {
      const copy = new Uint8Array(stream);
      for (const [at, value] of changes) copy[at] = value;
      return changeFrames(stream, (bytes, at) => {
        const { length } = readMpegHeader(stream, at)!;
        bytes.set(copy.subarray(at + 4, at + length), at + 4);
      });
    });

/** Headers of a stream, and anything between them. */
const noise = (stream: Uint8Array) =>
  fc.uint8Array({ minLength: stream.length, maxLength: stream.length }).map((bytes) =>
    changeFrames(stream, (copy, at) => {
      const { length } = readMpegHeader(stream, at)!;
      copy.set(bytes.subarray(at + 4, at + length), at + 4);
    }),
  );

test.each(NAMES)(
  '%s.mp3 damaged at random: finite samples or an error, and the next stream is none the worse',
  (name) => {
    const stream = framesOf(`${name}.mp3`, 2);
    const before = decodeAll(kernel, attacks);
    const run = (bytes: Uint8Array) => {
      try {
        expect(decodeAll(kernel, bytes).every(Number.isFinite)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(DamagedFrameError);
      }
    };
    fc.assert(fc.property(damage(stream), run), { seed: 11, numRuns: 150 });
    fc.assert(fc.property(noise(stream), run), { seed: 12, numRuns: 50 });
    expect(decodeAll(kernel, attacks)).toEqual(before);
  },
);

test('a frame that says what the standard forbids makes the file a damaged one', async () => {
  const stream = framesOf('lame-attacks.mp3', 3);
  let frame = 0;
  const changed = changeFrames(stream, (copy, at) => {
    frame += 1;
    if (frame === 12) setBits(copy, granulePlaces(at)[1] + FIELDS.bigValues, 9, 300); // 288 at most
  });
  await expect(loadAudio(writeTemporary('values.mp3', changed), { sampleRate: 12000 })).rejects.toThrow(
    /values\.mp3: damaged MP3 file, a frame after 0\.\d\d s holds what no encoder writes\./,
  );
});

test('frames whose bits were cut off in front of the stream are silent', () => {
  const cut = changeFrames(framesOf('lame-bare.mp3'), (copy, at) => {
    if (at === 0) setBits(copy, 32, 9, 400); // main data begin 400 bytes before
  });
  const samples = decodeAll(kernel, cut);
  expect(samples.subarray(0, 1152).every((sample) => sample === 0)).toBe(true);
  expect(rms(samples.subarray(2304))).toBeGreaterThan(0.25);
});

test('intensity stereo is seen, and left to mpg123', async () => {
  const shared = changeFrames(
    framesOf('lame-attacks.mp3', 3),
    (copy, at) => (copy[at + 3] = (copy[at + 3] & 0x0f) | 0x50),
  );
  expect(surveyMpegFrames(byteSourceOf(attacks, 'memory'))!.usesIntensity).toBe(false);
  expect(surveyMpegFrames(byteSourceOf(shared, 'memory'))!.usesIntensity).toBe(true);
  const { samples } = await loadAudio(writeTemporary('intensity.mp3', shared), { sampleRate: 44100 });
  expect(samples).toEqual(await decodeByMpg123(shared));
});

test('a header of another layer is refused', () => {
  expect(() => kernel.start(Uint8Array.of(0xff, 0xfd, 0x90, 0))).toThrow('not one of layer III');
});

test('the code words of every Huffman table fill it, and every pair has one', () => {
  for (const [table, codes] of Object.entries(HUFFMAN_CODES)) {
    const words = codes.trim().split(/\s+/);
    expect(words.reduce((sum, word) => sum + 2 ** -Number.parseInt(word[0], 36), 0)).toBe(1);
    expect(new Set(words.map((word) => word.slice(1))).size).toBe(words.length);
    const side = Math.sqrt(words.length);
    expect(Number(table) >= 32 ? words.length === 16 : Number.isInteger(side)).toBe(true);
  }
});

test('bands cover the spectrum, and the window is that of the standard in its sums', () => {
  for (const { long, short } of Object.values(SCALE_FACTOR_BANDS)) {
    expect([long.length, long.reduce((a, b) => a + b)]).toEqual([22, 576]);
    expect([short.length, short.reduce((a, b) => a + b)]).toEqual([13, 192]);
  }
  expect(SYNTHESIS_WINDOW).toHaveLength(257);
  expect(SYNTHESIS_WINDOW[256] / 65_536).toBeCloseTo(1.144989014, 9); // D[256] in table B.3
});
