/** An audit as lines for a terminal, and as a page. */
import { dotPlotAxis, dotPlotRow } from '../report/dotPlot.ts';
import { formatFigure, formatInterval } from '../report/formatFigure.ts';
import type { Markup } from '../report/markup.ts';
import { markup } from '../report/markup.ts';
import { htmlPage } from '../report/htmlPage.ts';
import type { LabelAudit, TagAudit } from './auditLabels.ts';
import type { Estimate, Measure } from './auditTag.ts';

/** The audit with where it comes from: what audit.json holds. */
export interface AuditResult extends LabelAudit {
  created: string;
  /** Paths of the two files. */
  labels: string;
  reannotated: string;
}

/** With the figures beside it, a line has 80 columns. */
const mostTagWidth = 18;

/** A line a tag. */
export function describeAudit({ tags, clips, design }: AuditResult, reportPath: string): string {
  const width = Math.min(mostTagWidth, Math.max(3, ...tags.map(({ tag }) => tag.length)));
  const cut = (tag: string) => (tag.length > width ? `${tag.slice(0, width - 1)}…` : tag.padEnd(width));
  const figures = ({ value, interval }: Estimate) =>
    `${formatFigure(value)} ${formatInterval(interval)}`.padEnd(20);
  const lines = tags.map(
    ({ tag, strata, quality }) =>
      `  ${cut(tag)} ${String(auditedOf(strata)).padStart(7)}  ${figures(quality.precision)}  ` +
      `${figures(quality.recall)}  ${formatFigure(quality.negativeError.value)}`,
  );
  const missing = tags.flatMap(({ tag, missing: reason }) => (reason ? [`  ${tag}: ${reason}`] : []));
  return [
    `The labels of ${clips} clips, as the ${design} sample tells (95 % intervals):`,
    `  ${'tag'.padEnd(width)} audited  ${'precision'.padEnd(20)}  ${'recall'.padEnd(20)}  missed`,
    ...lines,
    'missed: the share of the clips without the tag to which it applies',
    ...(missing.length > 0 ? ['', 'Not to be told:', ...missing] : []),
    '',
    `report   ${reportPath}`,
    '',
  ].join('\n');
}

const sections: {
  measure: Measure;
  title: string;
  caption: string;
  chance?: (audit: TagAudit) => number | null;
}[] = [
  {
    measure: 'precision',
    title: 'Precision: are the tags that were given right?',
    caption:
      'Share of the tagged clips to which the tag applies; 1 minus this is the error of positive labels.',
    chance: ({ quality }) => quality.prevalence.value,
  },
  {
    measure: 'recall',
    title: 'Recall: was the tag given where it applies?',
    caption: 'Share of the clips to which the tag applies that carry it.',
    chance: ({ tagged, untagged }) => tagged / (tagged + untagged),
  },
  { measure: 'f', title: 'F: both in one', caption: 'Harmonic mean of precision and recall.' },
  {
    measure: 'negativeError',
    title: 'Error of negative labels',
    caption: 'Share of the clips without the tag to which it applies all the same.',
  },
  { measure: 'prevalence', title: 'How often the tag truly applies', caption: 'Share of all clips.' },
];

/** One self-contained page, readable on a phone, on paper, in light and dark. */
export function renderAuditReport(result: AuditResult): string {
  const title = 'How wrong are the labels?';
  return htmlPage({
    title,
    note: markup`${result.created} · ${result.labels} against ${result.reannotated}`,
    style: markup`.numbers th:first-child { text-align: left } .numbers .plotted { min-width: 260px; width: 45% } .numbers { width: 100% }
.numbers th, .numbers td { vertical-align: middle }`,
    body: markup`<p>The data set has ${result.clips} clips. What is said of all of them is estimated from the clips that were listened to
again, a ${result.design} sample.</p>
<ul>${result.tags.map((audit) => markup`<li>${sentenceOf(audit)}</li>`)}</ul>
${sections.map((section) => measureSection(section, result.tags))}
${sampleSection(result.tags)}
${agreementSection(result)}
${notes(result)}`,
  });
}

/** What the figures say, in words. */
function sentenceOf({ tag, tagged, untagged, quality, missing }: TagAudit): Markup {
  const percent = ({ value, interval }: Estimate) =>
    `${(100 * value!).toFixed(1)} % (${interval!.map((end) => (100 * end).toFixed(1)).join(' to ')})`;
  const { positiveError, negativeError, recall } = quality;
  return markup`<strong>${tag}</strong>: ${
    positiveError.value !== null &&
    markup`of the ${tagged} clips that carry it, ${percent(positiveError)} should not. `
  }${
    negativeError.value !== null &&
    markup`Of the ${untagged} clips that do not, ${percent(negativeError)} should. `
  }${recall.value !== null && markup`Of all clips to which it applies, ${percent(recall)} carry it. `}${
    missing !== null && markup`The rest is not to be told: ${missing}.`
  }`;
}

function measureSection(
  { measure, title, caption, chance }: (typeof sections)[number],
  tags: TagAudit[],
): Markup | null {
  const rows = tags
    .filter(({ quality }) => quality[measure].value !== null)
    .sort((a, b) => b.quality[measure].value! - a.quality[measure].value!);
  if (rows.length === 0) return null;
  const axis = { low: 0, high: 1 };
  return markup`<section><h2>${title}</h2><div class="scroll"><table class="numbers">
<caption>${caption} Dot: estimate; whisker: 95 % interval${chance && '; dashed tick: what tags given blindly, as often, would have'}.</caption>
<thead><tr><th scope="col">tag</th><th scope="col">estimate</th><th scope="col">interval</th><th scope="col" class="plotted">${dotPlotAxis(axis)}</th></tr></thead>
<tbody>${rows.map((audit) => {
    const { value, interval } = audit.quality[measure];
    return markup`<tr><th scope="row">${audit.tag}</th><td>${formatFigure(value)}</td><td>${formatInterval(interval)}</td>
<td class="plotted">${dotPlotRow(axis, { value: value!, interval, chance: chance?.(audit) })}</td></tr>
`;
  })}</tbody></table></div></section>`;
}

function sampleSection(tags: TagAudit[]): Markup {
  return markup`<section><h2>What was listened to</h2><div class="scroll"><table class="numbers">
<caption>Strata: clips drawn at random apart from others. Each audited clip speaks for size ÷ audited clips.</caption>
<thead><tr><th scope="col">tag</th><th scope="col">given label</th><th scope="col">size</th><th scope="col">audited</th><th scope="col">tag applies</th><th scope="col">left open, in all</th></tr></thead>
<tbody>${tags.map(({ tag, strata, open }) =>
    strata.map(
      ({ given, size, audited, positives }) =>
        markup`<tr><th scope="row">${tag}</th><td>${given === 1 ? 'yes' : 'no'}</td><td>${size}</td><td>${audited}</td><td>${positives}</td><td>${open}</td></tr>
`,
    ),
  )}</tbody></table></div></section>`;
}

function agreementSection({ tags, truth }: AuditResult): Markup | null {
  const shared = tags.filter(({ agreement }) => agreement.annotators.length > 1);
  if (shared.length === 0) return null;
  return markup`<section><h2>Do the annotators agree?</h2>
<p>Kappa is 1 where they always agree, and 0 where they agree as often as chance would have it.</p>
<div class="scroll"><table class="numbers"><caption>Cohen's kappa of every two, on the clips where both were sure.</caption>
<thead><tr><th scope="col">tag</th><th scope="col">annotators</th><th scope="col">clips</th><th scope="col">agreed</th><th scope="col">kappa</th></tr></thead>
<tbody>${shared.map(({ tag, agreement: { pairs, fleiss } }) => [
    pairs.map(
      ({ first, second, clips, agreed, kappa }) =>
        markup`<tr><th scope="row">${tag}</th><td>${first}, ${second}</td><td>${clips}</td><td>${agreed}</td><td>${formatFigure(kappa)}</td></tr>
`,
    ),
    fleiss &&
      pairs.length > 1 &&
      markup`<tr class="best"><th scope="row">${tag}</th><td>all (Fleiss)</td><td>${fleiss.clips}</td><td></td><td>${formatFigure(fleiss.kappa)}</td></tr>`,
  ])}</tbody></table></div>
<div class="scroll"><table class="numbers"><caption>Answers of each${
    truth === 'dawid-skene' &&
    ', and, as Dawid and Skene estimate it, how often yes where the tag applies (sensitivity) and no where it does not (specificity)'
  }.</caption>
<thead><tr><th scope="col">tag</th><th scope="col">annotator</th><th scope="col">yes</th><th scope="col">no</th><th scope="col">unsure</th><th scope="col">sensitivity</th><th scope="col">specificity</th></tr></thead>
<tbody>${shared.map(({ tag, agreement: { annotators } }) =>
    annotators.map(
      ({ name, yes, no, unsure, sensitivity, specificity }) =>
        markup`<tr><th scope="row">${tag}</th><td>${name}</td><td>${yes}</td><td>${no}</td><td>${unsure}</td><td>${formatFigure(sensitivity)}</td><td>${formatFigure(specificity)}</td></tr>
`,
    ),
  )}</tbody></table></div></section>`;
}

/** Fewer clips than this found among the untagged leave recall's estimate biased upward, by up to 0.24 (auditCoverage). */
const fewFound = 5;

/** Tags whose recall rests on a few clips. */
function thinTags(tags: TagAudit[]): string[] {
  return tags.flatMap(({ tag, strata, quality }) => {
    const untagged = strata.filter(({ given, audited, size }) => given === 0 && audited < size);
    const found = untagged.reduce((sum, { positives }) => sum + positives, 0);
    return quality.recall.value !== null && untagged.length > 0 && found < fewFound
      ? [`${tag} (${found})`]
      : [];
  });
}

function notes({ intervals, truth, tags }: AuditResult): Markup {
  const thin = thinTags(tags);
  return markup`<section><h2>How to read this</h2><ul>
<li>Truth is what the annotators said${truth === 'majority' ? ', by majority' : ', as Dawid and Skene 1979 settle it'}; their own mistakes are in no interval.</li>
<li>Clips that stayed open ("unsure", or a tie) are left out as if they had not been drawn, which is right as long as they are like the others.</li>
<li>${
    intervals === 'jeffreys'
      ? 'Intervals are Bayesian with Jeffreys’ prior and hold the truth in about 95 % of audits, a little more or less for a given truth; "--intervals exact" never less, so wider.'
      : 'Intervals are exact (Clopper and Pearson in each stratum, combined): they hold the truth in at least 95 % of audits, most in more.'
  }</li>
<li>Precision and the errors are unbiased; recall and F are ratios, and lean upward where few clips without the tag turn out to have it.</li>
${
  thin.length > 0 &&
  markup`<li>Few such clips were found for ${thin.join(', ')}: of their recall and F, trust the interval and not the estimate, or audit more clips without the tag.</li>`
}
</ul></section>`;
}

function auditedOf(strata: TagAudit['strata']): number {
  return strata.reduce((sum, { audited }) => sum + audited, 0);
}
