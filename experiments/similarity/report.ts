/** The study's result as data, as lines, and as a page to listen to. */
import { join } from 'node:path';
import { dotPlotAxis, dotPlotRow } from '../../src/report/dotPlot.ts';
import type { Markup } from '../../src/report/markup.ts';
import { markup } from '../../src/report/markup.ts';
import { htmlPage } from '../../src/report/htmlPage.ts';

/** Of one set of features. */
export interface SimilarityRow {
  /** `layer0` …, or `all`. */
  features: string;
  /** Each unit to mean 0 and deviation 1 over the clips, before the cosine. */
  standardized: boolean;
  /** In [0, 1], with 95 % intervals. */
  precisions: { k: number; value: number; interval: [number, number] }[];
}

export interface SimilarityResult {
  created: string;
  /** Path of the feature file. */
  features: string;
  clips: number;
  /** Each counts from both of its clips. */
  pairs: number;
  pairsFrom: string;
  k: number[];
  /** What drawing neighbours at random gives, for each k. */
  chance: number[];
  seed: number;
  rows: SimilarityRow[];
}

interface NamedClip {
  id: string;
  tags: string[];
  /** Address from the page. */
  audio?: string;
}

export interface SimilarityQuery extends NamedClip {
  neighbours: (NamedClip & { cosine: number })[];
}

/** A line a set of features. */
export function describeSimilarity({ rows, k, chance, pairs, clips }: SimilarityResult, out: string): string {
  const line = (name: string, values: number[], note = '') =>
    `  ${name.padEnd(10)}${note.padEnd(14)}${values.map((value) => value.toFixed(3).padStart(8)).join('')}\n`;
  return [
    `${pairs} pairs of ${clips} clips, both ways; precision@k by cosine\n`,
    `  ${'features'.padEnd(24)}${k.map((count) => `k=${count}`.padStart(8)).join('')}\n`,
    ...rows.map(({ features, standardized, precisions }) =>
      line(
        features,
        precisions.map(({ value }) => value),
        standardized ? 'standardised' : '',
      ),
    ),
    line('chance', chance),
    `Listen: ${join(out, 'report.html')}\n`,
  ].join('');
}

export function renderSimilarityReport(
  result: SimilarityResult,
  best: SimilarityRow,
  queries: SimilarityQuery[],
): string {
  const { created, features, clips, pairs, pairsFrom, rows, k, chance } = result;
  const title = 'What lies near what';
  const axis = { low: 0, high: 1 };
  return htmlPage({
    title,
    note: markup`${created} · ${features} · ${clips} clips`,
    style: markup`.query { margin: 1.5rem 0 } .query ol { margin: .5rem 0; padding-left: 1.5rem } .query li { margin: .3rem 0 }
.query audio { height: 2rem; vertical-align: middle; margin-left: .5rem; max-width: 16rem }`,
    body: markup`<p>A pair of clips that belong together (${pairs} pairs, from: ${pairsFrom}) is found if the one is among the k nearest
of the other, by the cosine of their features; both ways count, as in Choi et al. 2017, arXiv:1703.09179.</p>
${k.map(
  (count, place) => markup`<section><h2>Precision@${count}</h2><div class="scroll"><table class="numbers">
<caption>Dot: share of pairs found; whisker: 95 % interval over pairs; tick: chance, ${chance[place].toFixed(3)}.</caption>
<thead><tr><th scope="col">features</th><th scope="col">precision</th><th scope="col">interval</th><th scope="col">${dotPlotAxis(axis)}</th></tr></thead>
<tbody>${rows.map(({ features: name, standardized, precisions }) => {
    const { value, interval } = precisions[place];
    return markup`<tr><th scope="row">${name}${standardized ? ', standardised' : ''}</th><td>${value.toFixed(3)}</td>
<td>[${interval[0].toFixed(3)}, ${interval[1].toFixed(3)}]</td><td>${dotPlotRow(axis, { value, interval, chance: chance[place] })}</td></tr>
`;
  })}</tbody></table></div></section>`,
)}
<section><h2>Listen</h2>
<p class="note">Clips drawn at random with their nearest, by ${best.features}${best.standardized ? ', standardised' : ''}: the features of the highest precision@${k[0]}.</p>
${queries.map(
  (query) =>
    markup`<article class="query"><h3>${clipLine(query)}</h3><ol>${query.neighbours.map(
      (other) => markup`<li>${other.cosine.toFixed(3)} ${clipLine(other)}</li>`,
    )}</ol></article>`,
)}</section>`,
  });
}

function clipLine({ id, tags, audio }: NamedClip): Markup {
  return markup`${id}${tags.length > 0 && markup` <small>${tags.join(', ')}</small>`}${
    audio !== undefined &&
    markup`<audio controls preload="none" src="${encodeURI(audio).replaceAll('#', '%23')}"></audio>`
  }`;
}
