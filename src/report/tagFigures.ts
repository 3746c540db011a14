import type { TagFigures } from '../metrics/evaluateTags.ts';
import { dotPlotAxis, dotPlotRow } from './dotPlot.ts';
import type { DotAxis } from './dotPlot.ts';
import { formatFigure, formatInterval } from './formatFigure.ts';
import type { Content, Markup } from './markup.ts';
import { markup } from './markup.ts';
import type { TrainingReport } from './trainingReport.ts';

/** ROC-AUC and PR-AUC of every tag: a table whose rows are drawn as dots with whiskers, best tag first. */
export function tagFigures(
  evaluation: NonNullable<TrainingReport['evaluation']>,
  baseline: TrainingReport['baseline'],
): Markup {
  const defined = evaluation.perTag
    .filter((figures) => figures.rocAuc !== null)
    .sort((a, b) => b.rocAuc! - a.rocAuc!);
  const leftOut = evaluation.perTag.filter((figures) => figures.rocAuc === null);
  const ofBaseline = new Map(baseline?.perTag.map(({ tag, rocAuc }) => [tag, rocAuc]));
  const rocAxis = {
    low: lowEnd([
      ...defined.flatMap(({ rocAuc, rocAucInterval }) => [rocAuc!, ...(rocAucInterval ?? [])]),
      ...defined.map(({ tag }) => ofBaseline.get(tag) ?? 1),
    ]),
    high: 1,
  };
  const prAxis = { low: 0, high: 1 };

  return markup`<section><h2>Tag by tag: ${evaluation.title}</h2>
<p class="keys"><span class="key">${key(markup`<line class="whisker" x1="2" x2="24" y1="8" y2="8"/><circle class="dot" cx="13" cy="8" r="4.5"/>`)} model with 95 % interval</span>
${baseline && markup`<span class="key">${key(markup`<path class="diamond" d="M7 8L13 2L19 8L13 14Z"/>`)} ${baseline.name}</span>`}
<span class="key">${key(markup`<line class="chance" x1="13" x2="13" y1="1" y2="15"/>`)} guessing (ROC-AUC 0.5; PR-AUC the share of clips with the tag)</span></p>
${defined.length > 0 && tagTable(defined, evaluation.clips, rocAxis, prAxis, baseline && ofBaseline)}
${
  leftOut.length > 0 &&
  markup`<p>Not defined, and left out of the means:</p><ul>${leftOut.map(
    ({ tag, undefinedReason }) =>
      markup`<li><strong>${tag}</strong>${undefinedReason !== undefined && `: ${undefinedReason}`}</li>`,
  )}</ul>`
}
<p class="note">ROC-AUC is the chance that a clip with the tag scores higher than a clip without it. PR-AUC (average precision)
is the mean precision over the clips with the tag. ${
    evaluation.resamples > 0 &&
    `Intervals: percentile bootstrap, ${evaluation.resamples} resamples of the ${evaluation.clips} clips; too narrow where a tag has few clips.`
  }</p>
</section>`;
}

function tagTable(
  defined: TagFigures[],
  clips: number,
  rocAxis: DotAxis,
  prAxis: DotAxis,
  ofBaseline: Map<string, number | null> | undefined,
): Markup {
  const axes = (cell: 'head' | 'foot') => markup`${edge(cell, 'tag', cell === 'head' && 'tag')}
${edge(cell, 'count', cell === 'head' && 'clips')}
${edge(cell, 'roc plotted', dotPlotAxis(rocAxis))}${edge(cell, 'roc figure', 'ROC-AUC')}
${edge(cell, 'pr plotted', dotPlotAxis(prAxis))}${edge(cell, 'pr figure', 'PR-AUC')}`;
  return markup`<table class="tags" role="table">
<caption>${defined.length} tags by falling ROC-AUC.</caption>
<colgroup><col class="tag"><col class="count"><col><col class="figure"><col><col class="figure"></colgroup>
<thead role="rowgroup"><tr role="row" class="axes">${axes('head')}</tr></thead>
<tbody role="rowgroup">${defined.map((figures) => {
    const compared = ofBaseline?.get(figures.tag);
    return markup`<tr role="row"><th role="rowheader" scope="row" class="tag">${figures.tag}</th>
<td role="cell" class="count" title="${(100 * shareOf(figures, clips)).toFixed(1)} % of ${clips - (figures.unknown ?? 0)} clips">${figures.positives}</td>
<td role="cell" class="roc plotted">${dotPlotRow(rocAxis, { value: figures.rocAuc!, interval: figures.rocAucInterval, compared, chance: 0.5 })}</td>
<td role="cell" class="roc figure">${figure(figures.rocAuc, figures.rocAucInterval)}${
      ofBaseline !== undefined && markup` <span class="hidden">baseline ${formatFigure(compared)}</span>`
    }</td>
<td role="cell" class="pr plotted">${dotPlotRow(prAxis, { value: figures.prAuc!, interval: figures.prAucInterval, chance: shareOf(figures, clips) })}</td>
<td role="cell" class="pr figure">${figure(figures.prAuc, figures.prAucInterval)}</td></tr>\n`;
  })}</tbody>
<tfoot role="rowgroup"><tr role="row" class="axes" aria-hidden="true">${axes('foot')}</tr></tfoot></table>`;
}

/** A cell of the head, or of the foot, which repeats the axes for long tables. */
function edge(place: 'head' | 'foot', className: string, content: Content): Markup {
  return place === 'head'
    ? markup`<th role="columnheader" scope="col" class="${className}">${content}</th>`
    : markup`<td class="${className}">${content}</td>`;
}

function figure(value: number | null, interval: readonly [number, number] | null): Markup {
  return markup`<b>${formatFigure(value)}</b> ${interval && markup`<span class="interval">${formatInterval(interval)}</span>`}`;
}

function key(drawing: Markup): Markup {
  return markup`<svg width="26" height="16" aria-hidden="true">${drawing}</svg>`;
}

/** Start of the ROC-AUC axis: the tenth below the lowest figure, 0.4 at most so that guessing is on the axis. */
function lowEnd(figures: number[]): number {
  return Math.min(4, Math.floor(Math.min(...figures) * 10)) / 10;
}

/** Share of the clips of which it is known that carry the tag. */
function shareOf({ positives, unknown = 0 }: TagFigures, clips: number): number {
  return positives / (clips - unknown);
}
