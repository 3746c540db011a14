/**
 * Power spectrum of one frame by a workgroup. A real frame of N samples goes through a complex transform of N / 2
 * points, in place in workgroup memory of 4 N bytes: 16 KB, which every WebGPU device has, for the longest of 4096.
 */

/** Threads of a workgroup for frames of `nFft` samples: one for each radix-4 butterfly, where there are enough. */
export function fourierThreads(nFft: number): number {
  return Math.min(256, Math.max(32, nFft / 8));
}

export function fourierConstants(nFft: number): Record<string, number> {
  const threads = fourierThreads(nFft);
  return {
    N: nFft,
    HALF: nFft / 2,
    BUTTERFLIES: Math.ceil(nFft / 8 / threads),
    PAIRS: Math.ceil(nFft / 4 / threads),
    BINS_EACH: Math.ceil((nFft / 2 + 1) / threads),
  };
}

/** exp(-2 pi i k / nFft) for each k, computed in float64. */
export function fourierTurns(nFft: number): Float32Array {
  const turns = new Float32Array(2 * nFft);
  for (let k = 0; k < nFft; k++) {
    turns[2 * k] = Math.cos((2 * Math.PI * k) / nFft);
    turns[2 * k + 1] = -Math.sin((2 * Math.PI * k) / nFft);
  }
  return turns;
}

/**
 * WGSL, for a function `windowed(n : i32) -> f32` and an input `turns`: `powerSpectrum()` leaves the power of bin k in
 * `work[k]`, k <= HALF, for all threads to read.
 *
 * Stockham's self-sorting transform: radix 4, and one pass of radix 2 first where the length asks for it.
 */
export function fourierCode(nFft: number): string {
  const passes: string[] = [];
  let span = 1;
  if (Math.log2(nFft / 2) % 2 === 1) {
    passes.push('firstRadix2();');
    span = 2;
  }
  for (; span < nFft / 2; span *= 4) passes.push(`radix4(${span});`);
  return `${transform}
fn powerSpectrum() {
  load();
  ${passes.join('\n  ')}
  splitReal();
}
`;
}

// Real parts first, then imaginary parts. Each pass reads into registers, waits, and writes.
const transform = `
const QUARTER : i32 = HALF / 4;
var<workgroup> work : array<f32, N>;

fn point(i : i32) -> vec2<f32> { return vec2<f32>(work[i], work[HALF + i]); }

fn setPoint(i : i32, z : vec2<f32>) {
  work[i] = z.x;
  work[HALF + i] = z.y;
}

fn turned(z : vec2<f32>, k : i32) -> vec2<f32> {
  let c = turns[2 * k];
  let s = turns[2 * k + 1];
  return vec2<f32>(z.x * c - z.y * s, z.x * s + z.y * c);
}

fn load() {
  for (var i = i32(localIndex); i < HALF; i += THREADS) {
    setPoint(i, vec2<f32>(windowed(2 * i), windowed(2 * i + 1)));
  }
  workgroupBarrier();
}

fn firstRadix2() {
  var held : array<vec2<f32>, 2 * PAIRS>;
  for (var pair = 0; pair < PAIRS; pair++) {
    let j = i32(localIndex) + pair * THREADS;
    if (j < HALF / 2) {
      held[2 * pair] = point(j);
      held[2 * pair + 1] = point(j + HALF / 2);
    }
  }
  workgroupBarrier();
  for (var pair = 0; pair < PAIRS; pair++) {
    let j = i32(localIndex) + pair * THREADS;
    if (j < HALF / 2) {
      setPoint(2 * j, held[2 * pair] + held[2 * pair + 1]);
      setPoint(2 * j + 1, held[2 * pair] - held[2 * pair + 1]);
    }
  }
  workgroupBarrier();
}

fn radix4(span : i32) {
  var held : array<vec2<f32>, 4 * BUTTERFLIES>;
  for (var b = 0; b < BUTTERFLIES; b++) {
    let j = i32(localIndex) + b * THREADS;
    if (j < QUARTER) {
      let k = j % span * (N / (4 * span));
      for (var r = 0; r < 4; r++) { held[4 * b + r] = turned(point(j + r * QUARTER), r * k); }
    }
  }
  workgroupBarrier();
  for (var b = 0; b < BUTTERFLIES; b++) {
    let j = i32(localIndex) + b * THREADS;
    if (j < QUARTER) {
      let evenSum = held[4 * b] + held[4 * b + 2];
      let evenDifference = held[4 * b] - held[4 * b + 2];
      let oddSum = held[4 * b + 1] + held[4 * b + 3];
      let oddDifference = held[4 * b + 1] - held[4 * b + 3];
      let quarterTurn = vec2<f32>(oddDifference.y, -oddDifference.x);
      let at = j / span * 4 * span + j % span;
      setPoint(at, evenSum + oddSum);
      setPoint(at + span, evenDifference + quarterTurn);
      setPoint(at + 2 * span, evenSum - oddSum);
      setPoint(at + 3 * span, evenDifference - quarterTurn);
    }
  }
  workgroupBarrier();
}

// The points are even samples + i odd samples: their transforms come apart by symmetry, and odd ones are turned.
fn splitReal() {
  var powers : array<f32, BINS_EACH>;
  for (var i = 0; i < BINS_EACH; i++) {
    let k = i32(localIndex) + i * THREADS;
    if (k <= HALF) {
      let z = point(k % HALF);
      let mirrored = point((HALF - k) % HALF) * vec2<f32>(1.0, -1.0);
      let difference = 0.5 * (z - mirrored);
      let bin = 0.5 * (z + mirrored) + turned(vec2<f32>(difference.y, -difference.x), k);
      powers[i] = dot(bin, bin);
    }
  }
  workgroupBarrier();
  for (var i = 0; i < BINS_EACH; i++) {
    let k = i32(localIndex) + i * THREADS;
    if (k <= HALF) { work[k] = powers[i]; }
  }
  workgroupBarrier();
}
`;
