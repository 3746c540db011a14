/** A check of a data set as lines for a terminal, and as a page. */
import { htmlPage } from '../report/htmlPage.ts';
import { markup } from '../report/markup.ts';
import type { Markup } from '../report/markup.ts';
import { errorKinds, findingKinds } from './checkDataset.ts';
import type { DatasetCheck, Finding, FindingKind } from './checkDataset.ts';

/** Of one kind, on a terminal; the report has all. */
const mostShown = 5;

export function describeCheck(check: DatasetCheck, reportPath: string): string {
  const groups = groupsOf(check);
  const lines = groups.flatMap(({ kind, findings }) => [
    `${errorKinds.includes(kind) ? 'ERROR  ' : 'look at'}  ${String(findings.length).padStart(5)}  ${findingKinds[kind]}`,
    ...findings
      .slice(0, mostShown)
      .map(({ about, detail }) => `                  ${about.join(' = ')}: ${detail}`),
    ...(findings.length > mostShown ? [`                  and ${findings.length - mostShown} more`] : []),
  ]);
  return [
    titleOf(check),
    ...(groups.length === 0 ? ['nothing is wrong with it'] : lines),
    `report   ${reportPath}`,
    '',
  ].join('\n');
}

/** One self-contained page. */
export function renderCheckReport(check: DatasetCheck): string {
  const groups = groupsOf(check);
  return htmlPage({
    title: `Check of ${check.dataset}`,
    note: titleOf(check),
    style: markup`.numbers th, .numbers td { text-align: left; overflow-wrap: anywhere }`,
    body: markup`<p>Split: ${check.split.name ?? 'not named'}, hash <code>${check.split.hash}</code></p>
${groups.length === 0 && markup`<p>Nothing is wrong with it.</p>`}${groups.map(section)}
<section><h2>How to read this</h2><ul>
<li>Errors make clips unusable or results wrong; everything else is to be looked at.</li>
<li>The same samples: equal to the bit after decoding to 12 kHz mono.</li>
<li>The same recording: fingerprints (Haitsma and Kalker 2002) agree in 80 % of their bits, over half of the shorter clip or 5 s.
Clips of less than 1 s are compared by their samples alone. Listen before you remove one.</li></ul></section>`,
  });
}

function section({ kind, findings }: { kind: FindingKind; findings: Finding[] }): Markup {
  return markup`<section><h2>${errorKinds.includes(kind) && 'Error: '}${findingKinds[kind]} (${findings.length})</h2>
<div class="scroll"><table class="numbers"><thead><tr><th scope="col">what</th><th scope="col">how</th></tr></thead>
<tbody>${findings.map(
    ({ about, detail }) => markup`<tr><th scope="row">${about.join(' = ')}</th><td>${detail}</td></tr>
`,
  )}</tbody></table></div></section>`;
}

function groupsOf({ findings }: DatasetCheck): { kind: FindingKind; findings: Finding[] }[] {
  const kinds = Object.keys(findingKinds) as FindingKind[];
  return kinds
    .map((kind) => ({ kind, findings: findings.filter((finding) => finding.kind === kind) }))
    .filter((group) => group.findings.length > 0);
}

function titleOf({ dataset, clips, seconds, findings }: DatasetCheck): string {
  const errors = findings.filter(({ kind }) => errorKinds.includes(kind)).length;
  return (
    `${dataset}: ${clips} clips, ${(seconds / 3600).toFixed(2)} hours decoded; ${errors} errors, ` +
    `${findings.length - errors} to look at`
  );
}
