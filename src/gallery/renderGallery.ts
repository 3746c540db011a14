/** One page with a picture of what every layer makes of a recording. */
import * as tf from '@tensorflow/tfjs';
import type { ProgressBar } from '../reporter.ts';
import { htmlPage } from '../report/htmlPage.ts';
import { Markup, markup } from '../report/markup.ts';
import { curveFigure } from './curveFigure.ts';
import { describeParameters } from './describeParameters.ts';
import { galleryEntries, galleryFamilies } from './galleryEntries.ts';
import type { GalleryEntry } from './galleryEntry.ts';
import { mapFigure } from './mapFigure.ts';
import { hopLength, sampleRate } from './sharedSettings.ts';

export interface GalleryOptions {
  /** What the recording is called. */
  title: string;
  /** Mono, at {@link sampleRate}, full scale ±1. */
  samples: Float32Array;
  /** Of augmentations and start weights, an integer. Default 1. */
  seed?: number;
  /** Told of every layer. */
  bar?: ProgressBar;
}

const style = new Markup(`
nav { font-size: .9rem; line-height: 1.9; } nav a { margin-right: 12px; white-space: nowrap; }
a { color: var(--first); text-decoration: none; } a:hover { text-decoration: underline; }
.layers { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 480px), 1fr)); gap: 36px 44px; }
.layers article { min-width: 0; break-inside: avoid; }
.layers h3 { font-size: 1.05rem; margin: 0; } .layers h3 small { color: var(--muted); font-weight: 400; }
.layers p { margin: 4px 0; font-size: .9rem; }
.layers code { font-size: .8rem; overflow-wrap: anywhere; }
.layers .channel { margin: 8px 0 -12px 58px; font-size: .8rem; color: var(--muted); }
.map { position: relative; margin: 30px 84px 30px 58px; height: 180px; }
.map > img, .map > svg { position: absolute; inset: 0; width: 100%; height: 100%; display: block; }
.map.sharp > img { image-rendering: pixelated; }
.map.curve { margin-right: 84px; border-left: 1px solid var(--rule); border-bottom: 1px solid var(--rule); }
path.curve { fill: var(--first); stroke: var(--first); stroke-width: 1; vector-effect: non-scaling-stroke; }
.colours { position: absolute; left: calc(100% + 14px); width: 12px; top: 0; bottom: 0; border-radius: 2px;
  background: linear-gradient(to top, #000004, #3b0f70, #8c2981, #de4968, #fe9f6d, #fcfdbf); outline: 1px solid var(--rule); }
.colours svg { width: 100%; height: 100%; display: block; }
`);

/**
 * Runs every entry of `galleryEntries` on the engine in use and draws what comes out.
 *
 * @returns one self-contained HTML page: no scripts, no links to elsewhere
 * @throws RangeError if the recording is shorter than a layer needs.
 * @example await writeWhole('gallery.html', await renderGallery({ title: 'song.mp3', samples }))
 */
export async function renderGallery({ title, samples, seed = 1, bar }: GalleryOptions): Promise<string> {
  const articles = new Map<GalleryEntry, Markup>();
  for (const entry of galleryEntries) {
    articles.set(entry, await showEntry(entry, samples, seed));
    bar?.update(articles.size, entry.layer);
  }
  return htmlPage({
    title: `What each layer makes of ${title}`,
    note: markup`${(samples.length / sampleRate).toFixed(1)} s at ${sampleRate.toLocaleString('en')} Hz, mono. Time runs to the right. Bright is high; a colour bar of
decibels spans at most the 80 dB below the loudest point; where a few values stand far off, they are drawn like the end of the bar.`,
    style,
    body: markup`<nav>${galleryFamilies.map(
      ({ title: family, entries }) =>
        markup`<div><b>${family}</b> ${entries.map((entry) => markup`<a href="#${idOf(entry)}">${nameOf(entry)}</a> `)}</div>`,
    )}</nav>
<section><h2>The recording</h2>${curveFigure('The recording', samples, { rate: sampleRate })}</section>
${galleryFamilies.map(
  ({ title: family, entries }) => markup`<section><h2>${family}</h2>
<div class="layers">${entries.map((entry) => articles.get(entry))}</div></section>
`,
)}`,
  });
}

async function showEntry(entry: GalleryEntry, samples: Float32Array, seed: number): Promise<Markup> {
  const chain = entry.chain(seed);
  const output = tf.tidy(() => {
    const waveform: tf.Tensor = tf.tensor2d(samples, [1, samples.length]);
    const training = entry.training === true;
    return chain.reduce((x, layer) => layer.apply(x, { training }) as tf.Tensor, waveform);
  });
  try {
    const values = Float32Array.from(await output.data()); // some layers give integers
    const layer = chain[chain.length - 1];
    return markup`<article id="${idOf(entry)}"><h3>${entry.layer} ${entry.variant !== undefined && markup`<small>${entry.variant}</small>`}</h3>
<p>${entry.about}</p>
${figures(entry, values, output.shape)}
<p class="note">${['waveform', ...chain.map((each) => each.getClassName())].join(' ▸ ')} · ${output.shape.slice(1).join(' × ')}${
      entry.training === true && `, as in training, seed ${seed}`
    }</p>
<p><code>${describeParameters(layer)}</code></p>
<p class="note">${entry.counterpart}. ${entry.trainable === null ? 'Nothing to train' : `Trainable: ${entry.trainable}`}.</p></article>
`;
  } finally {
    output.dispose();
    for (const layer of chain) layer.dispose();
  }
}

function figures(entry: GalleryEntry, values: Float32Array, shape: number[]): Markup[] {
  const { picture } = entry;
  if (picture.kind === 'curve') {
    return [curveFigure(nameOf(entry), values, { rate: picture.rate ?? sampleRate, unit: picture.unit })];
  }
  const [, nFrames, nBins] = shape;
  const nChannels = values.length / (nFrames * nBins);
  const { axis, unit, beyond, secondsPerFrame = hopLength / sampleRate, channels = [''] } = picture;
  return channels.map((channel, index) => {
    const own = Float32Array.from({ length: nFrames * nBins }, (_, i) => values[i * nChannels + index]);
    const figure = mapFigure(
      `${nameOf(entry)} ${channel}`.trim(),
      { values: own, nFrames, nBins },
      { axis, unit: typeof unit === 'string' ? unit : unit[index], secondsPerFrame, beyond },
    );
    return markup`${channel !== '' && markup`<p class="channel">${channel}</p>`}${figure}`;
  });
}

function nameOf({ layer, variant }: GalleryEntry): string {
  return variant === undefined ? layer : `${layer} (${variant})`;
}

function idOf(entry: GalleryEntry): string {
  return nameOf(entry).replace(/\W+/g, '-').replace(/-$/, '');
}
