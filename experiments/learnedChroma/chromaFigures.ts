/** Drawings of the report that no other report has. */
import { Markup, markup } from '../../src/report/markup.ts';
import { niceTicks } from '../../src/report/niceTicks.ts';
import { drawSpectrogram, finiteRange } from '../../src/report/spectrogramImage.ts';
import type { StudyAnalysis } from './analysis.ts';
import { armName, describeArm, frameOptions } from './design.ts';
import type { ChromaPicture } from './pictures.ts';
import type { TrialSummary } from './report.ts';

export const studyStyle = new Markup(`
.study { width: 100%; font-variant-numeric: tabular-nums; table-layout: fixed; }
.study th, .study td { padding: 0 10px 0 0; border-bottom: 0; vertical-align: middle; height: 27px; white-space: nowrap; }
.study tbody tr.even { background: var(--faint); }
.study tbody th { font-weight: 500; padding-left: 6px; overflow: hidden; text-overflow: ellipsis; }
.study .plotted { padding: 0 16px 0 8px; }
.study col.name { width: 370px; } .study col.short { width: 150px; } .study col.figure { width: 180px; } .study col.wide { width: 220px; }
.answer { border-left: 4px solid var(--first); padding: 2px 0 2px 14px; }
.chart .spectrogram { height: 132px; margin: 6px 8px 30px 26px; }
.chart .spectrogram img { image-rendering: pixelated; }
.search .trial { fill: var(--first); opacity: .45; }
.search .chosen { fill: none; stroke: var(--second); stroke-width: 2; }
h3 { margin-top: 26px; }
@media (max-width: 1000px) { .study { min-width: 900px; } }
`);

const pitchNames = ['C', 'C♯', 'D', 'E♭', 'E', 'F', 'F♯', 'G', 'A♭', 'A', 'B♭', 'B'];

/** A map of pitch classes with its axes: over bins in octaves, or over frames in seconds. */
export function chromaFigure(
  { title, values }: ChromaPicture,
  axis: { unit: 'octaves' } | { unit: 'seconds'; length: number },
): Markup {
  const columns = values.length / 12;
  const map = { values: Float32Array.from(values), nFrames: columns, nBins: 12 };
  const range = finiteRange(map.values);
  const png = Buffer.from(drawSpectrogram(map, range)).toString('base64');
  const ticks =
    axis.unit === 'octaves'
      ? Array.from({ length: Math.ceil(columns / frameOptions.binsPerOctave) }, (_, octave) => ({
          label: `C${octave + 1}`,
          at: (100 * (octave * frameOptions.binsPerOctave + 0.5)) / columns,
        }))
      : niceTicks(0, axis.length, 5).map((second) => ({
          label: `${second} s`,
          at: (100 * second) / axis.length,
        }));
  return markup`<figure class="chart"><figcaption><strong>${title}</strong><span class="key">${range[0].toFixed(2)} <span class="ramp"></span> ${range[1].toFixed(2)}</span></figcaption>
<div class="spectrogram"><img src="data:image/png;base64,${png}" alt="${title}: ${columns} columns of 12 pitch classes">
<svg aria-hidden="true">${[0, 4, 7, 11].map(
    (pitch) =>
      markup`<text x="-6" y="${(100 * (11.5 - pitch)) / 12}%" dy="4" text-anchor="end">${pitchNames[pitch]}</text>`,
  )}${ticks.map(
    ({ label, at }) =>
      markup`<svg x="${at.toFixed(2)}%" y="100%"><line class="tick" y2="4"/><text y="17" text-anchor="${at < 3 ? 'start' : at > 97 ? 'end' : 'middle'}">${label}</text></svg>`,
  )}</svg></div></figure>`;
}

const rowHeight = 22;
const [left, width] = [270, 640];

/** A row a kind, a dot a trial. */
export function searchFigure(trials: readonly TrialSummary[], { arms }: StudyAnalysis): Markup {
  const low = Math.floor(10 * Math.min(...trials.map(({ clean }) => clean))) / 10;
  const atX = (recall: number) => (left + (width * (recall - low)) / (1 - low)).toFixed(1);
  const height = rowHeight * arms.length;
  return markup`<div class="scroll"><svg class="search" viewBox="0 0 ${left + width + 20} ${height + 30}" width="${left + width + 20}" height="${height + 30}" role="img" aria-label="Recall of every trial on the test clips as they are">
${niceTicks(low, 1, 8).map(
  (tick) =>
    markup`<line class="grid" x1="${atX(tick)}" x2="${atX(tick)}" y1="0" y2="${height}"/><text x="${atX(tick)}" y="${height + 18}" text-anchor="middle">${tick}</text>`,
)}
${arms.map(({ arm, best }, row) => {
  const y = (row + 0.5) * rowHeight;
  const own = trials.filter((trial) => armName(trial.arm) === armName(arm));
  return markup`<text x="${left - 14}" y="${y}" dy="4" text-anchor="end">${describeArm(arm)}</text>
${own.map(({ trial, clean }) => markup`<circle class="trial" cx="${atX(clean)}" cy="${y}" r="4.5"><title>trial ${trial}: ${clean.toFixed(3)}</title></circle>`)}
${own.filter(({ trial }) => trial === best).map(({ clean }) => markup`<circle class="chosen" cx="${atX(clean)}" cy="${y}" r="7"/>`)}`;
})}</svg></div>`;
}
