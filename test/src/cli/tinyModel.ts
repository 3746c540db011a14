/** Options of `train` for a model that trains in a blink; later options override them. */
export const tinyModel =
  '--engine wasm --mels 16 --filters 4 --seconds 0.5 --sample-rate 8000 --epochs 2 --batch-size 4 --learning-rate 0.01'.split(
    ' ',
  );
