/** Sizes and strides of a block in the kernels' memory. */

/** Channels in a tile: as many as fill the registers beside the pixels. */
const tileChannels = 16;

/** Pixels that are worth a task of their own, and how many tasks an image is cut into at most. */
const bandPixels = 1024;
const mostBands = 4;

export interface ConvBlockSizes {
  xShape: [batch: number, height: number, width: number, channels: number];
  kernelShape: [height: number, width: number, channels: number, filters: number];
  poolSize: [number, number];
}

/** Counts as they are; `...Bytes`, `...Row`, `...Pixel`, `...Image` and `...Origin` in bytes. */
export type ConvBlockGeometry = ReturnType<typeof describeConvBlock>;

export function describeConvBlock({ xShape, kernelShape, poolSize }: ConvBlockSizes) {
  const [batch, height, width, channels] = xShape;
  const [kernelHeight, kernelWidth, , filters] = kernelShape;
  const [poolHeight, poolWidth] = poolSize;
  const pooledHeight = Math.floor(height / poolHeight);
  const pooledWidth = Math.floor(width / poolWidth);
  const tiles = Math.ceil(filters / tileChannels);
  const [top, left] = [(kernelHeight - 1) / 2, (kernelWidth - 1) / 2];
  const inputPixel = 4 * channels;
  const inputRow = (width + 2 * left) * inputPixel;
  // Values are padded like the input, since their gradient is the input of another convolution.
  const valuesPixel = 4 * tiles * tileChannels;
  const valuesRow = (width + 2 * left) * valuesPixel;
  const pooledPixels = pooledHeight * pooledWidth;
  return {
    ...{ batch, height, width, channels, kernelHeight, kernelWidth, filters },
    ...{ poolHeight, poolWidth, pooledHeight, pooledWidth, pooledPixels, top, left },
    taps: kernelHeight * kernelWidth * channels,
    tiles,
    /** Filters with those that fill the last tile. */
    paddedFilters: tiles * tileChannels,
    inputPixel,
    inputRow,
    windowRow: kernelWidth * inputPixel,
    inputImage: (height + 2 * top) * inputRow,
    /** One image of the tensor, not padded. */
    imageBytes: height * width * inputPixel,
    valuesPixel,
    valuesRow,
    valuesImage: (height + 2 * top) * valuesRow,
    valuesOrigin: top * valuesRow + left * valuesPixel,
    pooledImage: pooledPixels * valuesPixel,
    indexImage: (pooledPixels * valuesPixel) / 2,
    /** Channels of the gradient of the input, in tiles. */
    gradientTiles: Math.ceil(channels / tileChannels),
    /** Pieces of an image for the threads, `[start, end]` in rows and in pooled rows; the same for any number of them. */
    rowBands: split(height, Math.ceil(bandPixels / width)),
    poolBands: split(pooledHeight, Math.ceil(bandPixels / (width * poolHeight))),
    /** With one input channel the convolution is cheap to do again, and its values are many: they are not kept. */
    keepsValues: channels > 1,
  };
}

/** Cuts `count` into at most `most` even pieces, of at least `least` where there are several. */
export function split(count: number, least: number, most = mostBands): [start: number, end: number][] {
  const parts = Math.max(1, Math.min(most, Math.floor(count / least)));
  const cut = (part: number) => Math.floor((count * part) / parts);
  return Array.from({ length: parts }, (_, part) => [cut(part), cut(part + 1)]);
}

/** Cuts the pooled pixels of a whole batch, for work that knows no rows. */
export function splitPixels({ batch, pooledPixels }: ConvBlockGeometry): [start: number, end: number][] {
  return split(batch * pooledPixels, bandPixels, batch * mostBands);
}

/**
 * The kernel in tiles `[tile][kernel row][kernel column][channel][16 filters]`, each filter times its `factor`.
 * Where `transposed`, for the gradient of the input: turned by 180 degrees, filters (padded) to channels.
 */
export function packKernel(
  { kernelHeight, kernelWidth, channels, filters, tiles, paddedFilters, gradientTiles }: ConvBlockGeometry,
  kernel: Float32Array,
  transposed: boolean,
): Float32Array {
  const places = kernelHeight * kernelWidth;
  const [from, to] = transposed ? [paddedFilters, gradientTiles] : [channels, tiles];
  const packed = new Float32Array(to * places * from * tileChannels);
  let next = 0;
  for (let place = 0; place < places; place++) {
    const at = transposed ? places - 1 - place : place;
    for (let channel = 0; channel < channels; channel++) {
      for (let filter = 0; filter < filters; filter++) {
        const target = transposed ? channel : filter;
        const source = transposed ? filter : channel;
        const tile = Math.floor(target / tileChannels);
        const row = (tile * places + at) * from + source;
        packed[row * tileChannels + (target % tileChannels)] = kernel[next++];
      }
    }
  }
  return packed;
}
