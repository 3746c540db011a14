/**
 * The colour map "magma" by Nathaniel Smith and Stéfan van der Walt (2015, CC0), as every 17th entry of matplotlib
 * 3.11's 256; dark is low. Straight lines between the entries stay within 3/255 of the full table. Perceptually even,
 * and even in lightness too, so that it reads without colour vision and in print.
 */
const MAGMA_KNOTS = [
  '000004 0b0924 20114b 3b0f70 57157e 721f81 8c2981 a8327d',
  'c43c75 de4968 f1605d fa7f5e fe9f6d febf84 fddea0 fcfdbf',
]
  .join(' ')
  .split(' ')
  .map((hex) => [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16)));

/** 256 colours `[red, green, blue]`, 0 … 255 each, from low to high. */
export const magmaPalette: readonly number[][] = Array.from({ length: 256 }, (_, level) => {
  const below = Math.min(Math.floor(level / 17), MAGMA_KNOTS.length - 2);
  const share = level / 17 - below;
  return MAGMA_KNOTS[below].map((low, channel) =>
    Math.round(low + share * (MAGMA_KNOTS[below + 1][channel] - low)),
  );
});
