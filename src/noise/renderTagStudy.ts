/** The report of `sonotag noise tags`. */
import { formatFigure, formatInterval } from '../report/formatFigure.ts';
import { heatMap } from '../report/heatMap.ts';
import { figureTable, htmlPage } from '../report/htmlPage.ts';
import { markup, type Markup } from '../report/markup.ts';
import { strongestPairs } from './coOccurrence.ts';
import type { TagPair } from './labelVectors.ts';
import type { TagStudy } from './tagStudy.ts';

const listed = 20;

/**
 * One self-contained HTML page.
 *
 * @example await writeWhole('tags.html', renderTagStudy(studyTags({ given, seed: 1 }), 'MSD'))
 */
export function renderTagStudy(study: TagStudy, title: string): string {
  return htmlPage({
    title: `What tags mean: ${title}`,
    note: `${study.clips.toLocaleString('en')} clips, ${study.tags.length} tags`,
    body: [together(study), tagability(study), labelVectors(study)],
  });
}

function together({ tags, coOccurrence }: TagStudy): Markup {
  const { counts, joint, conditional, normalised } = coOccurrence;
  return markup`<section><h2>Tags that are given together</h2>
<p>Two names of one thing that are seldom given together show labels that are missing: whoever gave one left the other out.</p>
${heatMap({
  title: 'Conditional co-occurrence',
  meaning: 'Of the clips with the tag of the row, the share that carries the tag of the column too.',
  ...{ rows: tags, columns: tags, values: conditional, range: [0, 0.6] },
})}${heatMap({
    title: 'Normalised co-occurrence',
    meaning:
      'Clips with both tags over the geometric mean of the clips with either: free of how common the tags are.',
    ...{ rows: tags, columns: tags, values: normalised, range: [0, 0.4] },
  })}
${figureTable(
  'The strongest conditional co-occurrences.',
  ['tag', 'goes with', 'share of its clips', 'the other way round', 'clips with the tag', 'clips with both'],
  strongestPairs(coOccurrence)
    .slice(0, listed)
    .map(({ tag, other }) => [
      tags[tag],
      tags[other],
      formatFigure(conditional[tag][other]),
      formatFigure(conditional[other][tag]),
      counts[tag],
      joint[tag][other],
    ]),
)}</section>`;
}

function tagability({ tagability: rows, groups }: TagStudy): Markup | undefined {
  if (rows === undefined) return undefined;
  return markup`<section><h2>Tagability</h2>
<p>How likely a tag is given where it applies, by the audit, weighted to the whole data set by the given labels; with 95 % intervals.
The rest of the clips to which a tag applies are called negative and are not.</p>
${figureTable(
  'A dash where the audit holds no clip that carries the tag as given, or none that does not.',
  ['tag', 'audited clips', 'tagability', 'interval', 'specificity', 'interval', 'applies to'],
  rows.map(({ tag, audited, rates }) => [
    tag,
    audited,
    formatFigure(rates.tagability),
    formatInterval(rates.tagabilityInterval),
    formatFigure(rates.specificity),
    formatInterval(rates.specificityInterval),
    formatFigure(rates.prevalence),
  ]),
)}
${
  groups !== undefined &&
  groups.length > 0 &&
  figureTable(
    'Groups of tags: of all applications of the group’s tags, the share that is given.',
    ['group', 'tagability', 'interval', 'audited tags'],
    groups.map(({ name, tags, tagability: share, interval }) => [
      name,
      formatFigure(share),
      formatInterval(interval),
      tags.join(', '),
    ]),
  )
}</section>`;
}

function labelVectors({ tags, output }: TagStudy): Markup | undefined {
  if (output === undefined) return undefined;
  const { similarity, comparison, layer, units } = output;
  const pairs = (caption: string, shown: TagPair[]) =>
    figureTable(
      caption,
      ['tags', 'label vectors', 'co-occurrence', 'scores apart'],
      shown.map((pair) => [
        `${pair.first} / ${pair.second}`,
        formatFigure(pair.similarity),
        formatFigure(pair.coOccurrence),
        formatFigure(pair.disagreement),
      ]),
    );
  return markup`<section><h2>What the net makes of the tags</h2>
<p>Cosine similarity of the columns of the output layer “${layer}” (${units} units): what sounds alike to the net, whatever people called it.
Against the normalised co-occurrence, over all pairs: Spearman’s correlation <b>${formatFigure(comparison.spearman)}</b>.</p>
${heatMap({
  title: 'Label-vector similarity',
  meaning: 'Cosine of the tags’ columns in the output layer.',
  ...{ rows: tags, columns: tags, values: similarity, range: [-1, 1] },
})}
<h2>Where they disagree</h2>
<p>Pairs by the difference of their standard scores: each similarity less its mean over all pairs, over its standard deviation; the co-occurrence by its square root, which evens out the scatter of counts.</p>
${pairs('Alike to the net, seldom given together: synonyms, or labels left out.', comparison.pairs.slice(0, listed))}
${pairs('Given together more than they are alike to the net.', comparison.pairs.slice(-listed).reverse())}</section>`;
}
