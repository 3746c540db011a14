import { expect, test } from 'vitest';
import { renderReport } from '../../../src/report/renderReport.ts';
import { bareReport, sampleEvaluation, sampleExample, sampleHistory } from './sampleReport.ts';

const tags = ['flute', 'drum', 'bass', 'slow'];
const evaluation = sampleEvaluation(tags);
const full = {
  ...bareReport,
  title: 'Tagger of generated clips',
  summary: [{ label: 'Training clips', value: '960' }],
  history: sampleHistory(5),
  folds: [
    { fold: 1, clips: 30, accuracy: 0.8, meanRocAuc: 0.9 },
    { fold: 2, clips: 31, accuracy: 0.9, meanRocAuc: 0.94 },
  ],
  evaluation,
  baseline: { name: 'linear', meanRocAuc: 0.777, perTag: tags.map((tag) => ({ tag, rocAuc: 0.71 })) },
  examples: [sampleExample],
  configuration: { sampleRate: 16000, frontEnd: { nMels: 96, fMax: null }, pooling: [[2, 4]] },
  skipped: [{ path: 'broken.wav', reason: 'truncated' }],
  notes: ['Synthetic clips.'],
};

/** Every opened tag is closed, in order; void elements and self-closed SVG apart. */
function expectWellFormed(page: string): void {
  const open: string[] = [];
  const body = page.replace(/<style>[^]*?<\/style>/, '').replace('<!doctype html>', '');
  for (const [, close, name, , selfClosed] of body.matchAll(
    /<(\/?)([a-z][a-z0-9]*)((?:"[^"]*"|[^">])*?)(\/?)>/g,
  )) {
    if (close) expect(open.pop()).toBe(name);
    else if (!selfClosed && !['meta', 'img', 'col', 'br'].includes(name)) open.push(name);
  }
  expect(open).toEqual([]);
}

test('the headline figures stand with their intervals', () => {
  const page = renderReport(full);
  const ends = evaluation.meanRocAucInterval!.map((end) => end.toFixed(3));
  expect(page).toContain(`<b>${evaluation.meanRocAuc!.toFixed(3)}</b>`);
  expect(page).toContain(`[${ends[0]}, ${ends[1]}]`);
  expect(page).toContain(`<b>${evaluation.meanPrAuc!.toFixed(3)}</b>`);
  expect(page).toContain('<b>0.777</b>');
  expect(page).toContain('Test clips: 17 clips, 4 tags.');
});

test('every part is there, and the page is well formed', () => {
  const page = renderReport(full);
  expectWellFormed(page);
  for (const text of [
    'Training clips',
    '960',
    'wasm 4.22.0 on 2 threads',
    '2026-01-02T03:04:05Z',
    'Synthetic clips.',
  ]) {
    expect(page).toContain(text);
  }
  expect(page).toContain('<code>frontEnd.nMels</code></th><td><code>96</code>');
  expect(page).toContain('<code>pooling</code></th><td><code>[[2,4]]</code>');
  expect(page).toContain('<code>broken.wav</code></th><td>truncated</td>');
  expect(page).toContain('0.850 ± 0.071'); // mean and n - 1 deviation of 0.8 and 0.9
});

test('every tag has its row: clips, both figures and the baseline', () => {
  const page = renderReport(full);
  for (const { tag, positives, rocAuc, prAuc } of evaluation.perTag) {
    const row = page.split('<tr role="row">').find((part) => part.includes(`class="tag">${tag}</th>`))!;
    expect(row).toContain(`>${positives}</td>`);
    expect(row).toContain(rocAuc!.toFixed(3));
    expect(row).toContain(prAuc!.toFixed(3));
    expect(row).toContain('baseline 0.710');
    expect(row).toContain('class="diamond"');
  }
});

test('a tag without figures is named with the reason', () => {
  const perTag = evaluation.perTag.map((figures) =>
    figures.tag === 'bass'
      ? { ...figures, rocAuc: null, prAuc: null, undefinedReason: 'none of the 17 clips carries this tag' }
      : figures,
  );
  const page = renderReport({ ...full, evaluation: { ...evaluation, perTag } });
  expect(page).toContain('<strong>bass</strong>: none of the 17 clips carries this tag');
  expect(page).toContain('3 tags by falling ROC-AUC');
});

test('the kept epoch is marked; without one, the epoch of lowest validation loss', () => {
  expect(renderReport({ ...full, bestEpoch: 5 })).toContain('best: epoch 5');
  expect(renderReport(full)).toContain('best: epoch 3');
});

test('exclusive tags show accuracy and the confusion matrix with row percentages', () => {
  const classes = {
    ...sampleEvaluation(['a', 'b'], { exclusive: true, clips: 10 }),
    confusion: [
      [3, 1],
      [0, 6],
    ],
  };
  const page = renderReport({ ...bareReport, evaluation: classes });
  expectWellFormed(page);
  expect(page).toContain('Accuracy');
  expect(page).toContain('title="true a, predicted a: 3 of 4 (75 %)">3<small>75 %</small>');
  expect(page).toContain('title="true b, predicted a: 0 of 6 (0 %)">0</td>');
});

test('a report without any optional part is a page, and names what is empty', () => {
  const page = renderReport(bareReport);
  expectWellFormed(page);
  expect(page).toContain('<h1>Bare</h1>');
  expect(page).toContain('every file could be used');
  expect(page).not.toMatch(/undefined|NaN|null/);
});

test.each([
  { nTags: 1, epochs: 1 },
  { nTags: 2, epochs: 200 },
  { nTags: 50, epochs: 1 },
])('a page of $nTags tags and $epochs epochs is whole', ({ nTags, epochs }) => {
  const names = Array.from({ length: nTags }, (_, i) => `tag ${i}`);
  const page = renderReport({
    ...bareReport,
    history: sampleHistory(epochs),
    evaluation: sampleEvaluation(names, { exclusive: true }),
  });
  expectWellFormed(page);
  expect(page).not.toMatch(/undefined|NaN|Infinity/);
  for (const name of names) expect(page).toContain(name);
});

test('text from outside cannot become markup, wherever it stands', () => {
  const evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>\'&';
  const named = {
    ...evaluation,
    perTag: evaluation.perTag.map((figures) => ({ ...figures, tag: evil + figures.tag })),
  };
  const page = renderReport({
    title: evil,
    created: evil,
    engine: { name: evil, device: evil, version: evil },
    summary: [{ label: evil, value: evil }],
    history: sampleHistory(2),
    evaluation: { ...named, title: evil, confusion: tags.map(() => [1, 2, 3, 4]) },
    baseline: { name: evil, meanRocAuc: 0.5, perTag: [] },
    examples: [
      { ...sampleExample, id: evil, trueTags: [evil], predicted: [{ tag: evil, probability: 0.9 }] },
    ],
    configuration: { [evil]: evil, nested: { [evil]: [evil] } },
    skipped: [{ path: evil, reason: evil }],
    notes: [evil],
  });
  expectWellFormed(page);
  expect(page).not.toContain('<script');
  expect(page).not.toContain('<img src=x');
  expect(page.match(/<img /g)!.length).toBe(1);
});

test('the page holds no script and refers to nothing outside itself', () => {
  const page = renderReport(full);
  expect(page).not.toMatch(/<script|<link|<iframe|@import|url\(/i);
  expect(page).not.toMatch(/https?:|src="(?!data:)|href=/i);
});
