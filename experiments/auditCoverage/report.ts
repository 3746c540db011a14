/** The study's result as data, as lines, and as a page. */
import type { Measure } from '../../src/noise/auditTag.ts';
import type { simulateAudits } from '../../src/noise/simulateAudits.ts';
import type { Markup } from '../../src/report/markup.ts';
import { markup } from '../../src/report/markup.ts';
import { htmlPage } from '../../src/report/htmlPage.ts';

export interface CoverageRow {
  design: string;
  /** Clips audited in each repetition. */
  audited: number;
  intervals: 'jeffreys' | 'exact';
  /** `varied`, or what is true in every repetition. */
  truth: string;
  measures: ReturnType<typeof simulateAudits>;
}

export interface CoverageResult {
  created: string;
  /** In each data set. */
  clips: number;
  repetitions: number;
  draws: number;
  seed: number;
  rows: CoverageRow[];
}

const shown: [Measure, string][] = [
  ['precision', 'precision'],
  ['recall', 'recall'],
  ['f', 'F'],
  ['negativeError', 'neg. error'],
];

/** Coverage in percent, a line a design. */
export function describeCoverage({ rows, repetitions }: CoverageResult, reportPath: string): string {
  const lines = groupByTruth(rows).flatMap(({ title, rows: own }) => [
    '',
    title,
    ...own.map(
      ({ design, audited, measures }) =>
        `  ${design.padEnd(12)}${String(audited).padStart(4)} clips` +
        shown.map(([measure]) => percent(measures[measure]?.coverage).padStart(12)).join(''),
    ),
  ]);
  return [
    `Audits whose 95 % interval holds the truth, of ${repetitions}, in percent:`,
    `  ${'design'.padEnd(22)}${shown.map(([, name]) => name.padStart(12)).join('')}`,
    ...lines,
    '',
    `report   ${reportPath}`,
    '',
  ].join('\n');
}

export function renderCoverageReport(result: CoverageResult): string {
  const { created, clips, repetitions, rows } = result;
  const title = 'Do the intervals hold the truth?';
  return htmlPage({
    title,
    note: markup`${created} · ${repetitions} audits of each kind, data sets of ${clips} clips`,
    style: markup`.numbers th:first-child { text-align: left }`,
    body: markup`<p>The share of simulated audits whose 95 % interval holds the true value, in percent, and the bias of the estimate: mean
estimate minus truth, ± its standard error. With a fixed truth and a few dozen clips the counts are so few that no
interval can hold it in just 95 %: it is then 90 to 98 %, one way or the other.</p>
${groupByTruth(rows).map(({ title: heading, rows: own }) => table(heading, own))}`,
  });
}

function table(title: string, rows: CoverageRow[]): Markup {
  return markup`<section><h2>${title}</h2><div class="scroll"><table class="numbers">
<thead><tr><th scope="col">design</th><th scope="col">audited</th>${shown.map(
    ([, name]) => markup`<th scope="col">${name}</th><th scope="col">bias</th>`,
  )}</tr></thead>
<tbody>${rows.map(
    ({ design, audited, measures }) =>
      markup`<tr><th scope="row">${design}</th><td>${audited}</td>${shown.map(([measure]) => {
        const found = measures[measure];
        return found
          ? markup`<td>${percent(found.coverage)}</td><td>${found.bias.toFixed(4)} ± ${found.standardError.toFixed(4)}</td>`
          : markup`<td>–</td><td>–</td>`;
      })}</tr>
`,
  )}</tbody></table></div></section>`;
}

function groupByTruth(rows: CoverageRow[]): { title: string; rows: CoverageRow[] }[] {
  const titleOf = ({ truth, intervals }: CoverageRow) =>
    truth === 'varied' ? `${intervals} intervals, another truth each time` : truth;
  const titles = [...new Set(rows.map(titleOf))];
  return titles.map((title) => ({ title, rows: rows.filter((row) => titleOf(row) === title) }));
}

function percent(share: number | undefined): string {
  return share === undefined ? '–' : (100 * share).toFixed(1);
}
