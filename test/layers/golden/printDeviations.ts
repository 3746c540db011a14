/** Prints, for every layer that a peer has, the largest deviation over all cases: `npm run -s deviations [-- ENGINE]`. */
import { useEngine, type EngineName } from '../../../src/engine/engine.ts';
import { measureDeviation } from './goldenCase.ts';

const engine = await useEngine((process.argv[2] ?? 'wasm') as EngineName);
const { goldenCases } = await import('./goldenCases.ts'); // some make tensors, on the engine that is there then
const rows = new Map<string, { layer: string; peer: string; unit: string; cases: number; largest: number }>();
for (const golden of goldenCases) {
  const { layer, peer, unit } = golden;
  const key = [layer, peer, unit].join();
  const row = rows.get(key) ?? { layer, peer, unit, cases: 0, largest: 0 };
  row.cases += 1;
  row.largest = Math.max(row.largest, measureDeviation(golden));
  rows.set(key, row);
}
process.stdout.write(
  `Engine ${engine.name}\n\n| layer | peer | cases | largest deviation |\n| --- | --- | --- | --- |\n`,
);
for (const { layer, peer, unit, cases, largest } of rows.values()) {
  process.stdout.write(`| \`${layer}\` | ${peer} | ${cases} | ${largest.toExponential(1)} ${unit} |\n`);
}
process.exit(); // the kernel threads would keep the process alive
