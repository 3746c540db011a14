/** Clips that the Python scripts of test/fixtures/keras make too. */
export function makeClip(kind: number, samples: number): Float32Array {
  return Float32Array.from({ length: samples }, (_, i) => {
    const tone = 0.4 * Math.sin(0.05 * (kind + 1) * i + 2 * Math.sin(0.003 * i));
    const sweep = (0.2 / (kind + 1)) * Math.sin(0.7 * i + 4e-6 * i * i);
    return (tone + sweep) / (1 + 3 * kind);
  });
}
