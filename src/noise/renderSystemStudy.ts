/** The report of `sonotag noise evaluate`. */
import { formatFigure, formatInterval } from '../report/formatFigure.ts';
import { figureTable, htmlPage } from '../report/htmlPage.ts';
import { markup, type Content, type Markup } from '../report/markup.ts';
import { scatterPlot } from '../report/scatterPlot.ts';
import { measures, type Agreement, type Correlation, type Measure } from './evaluateSystems.ts';
import type { SystemStudy } from './systemStudy.ts';

const names: Record<Measure, string> = { rocAuc: 'ROC-AUC', prAuc: 'PR-AUC' };

/**
 * One self-contained HTML page.
 *
 * @example await writeWhole('evaluate.html', renderSystemStudy(study, 'my test set'))
 */
export function renderSystemStudy(study: SystemStudy, title: string): string {
  return htmlPage({
    title: `Systems under noisy labels: ${title}`,
    note: `${study.systems.length} systems, ${study.auditedClips} audited clips of ${study.clips}, ${study.auditedTags.length} audited tags of ${study.tags.length}`,
    body: [trusted(study), systems(study), agreement(study), perTag(study), noise(study)],
  });
}

function trusted({ trusted: found, auditedClips }: SystemStudy): Markup {
  const { byLabels, byLabelsAndClips, attenuation, pairs } = found.rocAuc;
  const beyond = pairs.filter(({ given }) => Math.abs(given) > byLabelsAndClips);
  return markup`<section><h2>What difference can be trusted</h2>
<dl class="cards">${measures.map(
    (key) =>
      markup`<div class="card"><dt>Smallest trusted difference, ${names[key]}</dt><dd><b>${formatFigure(found[key].byLabelsAndClips)}</b><small>${formatFigure(found[key].byLabels)} by the labels alone</small></dd></div>`,
  )}<div class="card"><dt>Left of a true ROC-AUC difference</dt><dd><b>${attenuation === null ? '–' : `${Math.round(100 * attenuation)} %`}</b><small>on average, under labels as noisy as the given</small></dd></div></dl>
<p>On ${auditedClips} audited clips, two systems whose mean ROC-AUC by given labels differs by less than ${formatFigure(byLabelsAndClips)} cannot be told apart (95 %): labels and clips drawn anew would turn the order as easily. The choice of clips aside, the labels alone account for ${formatFigure(byLabels)}.
By this, ${beyond.length} of ${pairs.length} pairs differ. On a test set of n clips with the same noise, about ${formatFigure(byLabelsAndClips)} · √(${auditedClips} / n).</p>
<p class="note">Given labels are drawn from the audited ones by each tag’s estimated rates, independently of clip and system. Where annotators err on the same clips as the systems, these figures are too small.</p>
${figureTable(
  'Pairs of systems: difference of mean ROC-AUC.',
  ['pair', 'by audited labels', 'by given labels', 'error (95 %)', 'order kept', 'to be trusted'],
  pairs.map(({ first, second, audited, given, error, orderKept }) => [
    `${first} − ${second}`,
    signed(audited),
    signed(given),
    `± ${formatFigure(error)}`,
    `${Math.round(100 * orderKept)} %`,
    Math.abs(given) > error ? 'yes' : 'no',
  ]),
)}</section>`;
}

function systems({ systems: rows }: SystemStudy): Markup {
  return markup`<section><h2>Systems by both ground truths</h2>
${figureTable(
  'Means over the audited tags on the audited clips; the last of each measure over all tags by the given labels of all clips.',
  ['system', ...measures.flatMap((key) => [`${names[key]} given`, 'audited', 'all tags'])],
  rows.map((row) => [
    row.name,
    ...measures.flatMap((key) => [row[key].given, row[key].audited, row[key].allTags].map(formatFigure)),
  ]),
)}
<div class="charts">${measures.map((key) => scatter(rows, key, 'given', 'audited', 'Given against audited labels'))}
${measures.map((key) => scatter(rows, key, 'given', 'allTags', 'Audited tags against all tags'))}</div></section>`;
}

function scatter(
  rows: SystemStudy['systems'],
  key: Measure,
  x: 'given',
  y: 'audited' | 'allTags',
  title: string,
): Markup | undefined {
  const points = rows.flatMap((row) => {
    const [ownX, ownY] = [row[key][x], row[key][y]];
    return ownX === null || ownY === null ? [] : [{ name: row.name, x: ownX, y: ownY }];
  });
  if (points.length === 0) return undefined;
  return scatterPlot({
    title: `${title}: ${names[key]}`,
    xLabel: 'given labels, audited tags and clips',
    yLabel: y === 'audited' ? 'audited labels' : 'given labels, all tags and clips',
    points,
  });
}

function agreement({ givenAgainstAudited, auditedTagsAgainstAll }: SystemStudy): Markup {
  const rows = (name: string, found: Record<Measure, Agreement> | null): Content[][] =>
    found === null
      ? []
      : measures.map((key) => [
          `${name}, ${names[key]}`,
          ...[found[key].pearson, found[key].spearman, found[key].kendall].map(figure),
        ]);
  const all = [
    ...rows('given against audited labels', givenAgainstAudited),
    ...rows('audited tags against all tags', auditedTagsAgainstAll),
  ];
  return markup`<section><h2>Do they rank the systems alike?</h2>${
    all.length === 0
      ? markup`<p>Correlations over systems need three of them.</p>`
      : figureTable(
          'Correlation of the systems’ scores, with 95 % bootstrap intervals over clips. With few systems the intervals are wide, and tell more than the value.',
          ['', 'Pearson', 'Spearman', 'Kendall'],
          all,
        )
  }</section>`;
}

function figure({ value, interval }: Correlation): Markup {
  return markup`${formatFigure(value)} <span class="interval">${formatInterval(interval)}</span>`;
}

function perTag({ perTag: rows }: SystemStudy): Markup {
  return markup`<section><h2>Tag by tag</h2>
${figureTable(
  'On the audited clips of each tag, by given and by audited labels.',
  [
    'tag',
    'system',
    'clips',
    'given positive',
    'truly positive',
    'ROC-AUC given',
    'audited',
    'PR-AUC given',
    'audited',
  ],
  rows.map(({ tag, system, clips, positives, rocAuc, prAuc }) => [
    ...[tag, system, clips, positives.given, positives.audited],
    ...[rocAuc.given, rocAuc.audited, prAuc.given, prAuc.audited].map(formatFigure),
  ]),
)}</section>`;
}

function noise({ noise: rows }: SystemStudy): Markup {
  return markup`<section><h2>Estimated noise</h2>
${figureTable(
  'Weighted to all given labels, with 95 % intervals.',
  ['tag', 'given where it applies', 'interval', 'not given where it does not', 'interval', 'applies to'],
  rows.map(({ tag, rates }) => [
    tag,
    formatFigure(rates.tagability),
    formatInterval(rates.tagabilityInterval),
    formatFigure(rates.specificity),
    formatInterval(rates.specificityInterval),
    formatFigure(rates.prevalence),
  ]),
)}</section>`;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${formatFigure(Math.abs(value))}`;
}
