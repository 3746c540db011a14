import { afterEach, expect, test, vi } from 'vitest';
import { enginesCommand, formatEngines } from '../../../../src/cli/commands/engines.ts';
import type { EngineReport } from '../../../../src/engine/listEngines.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const reports: EngineReport[] = [
  {
    name: 'webgpu',
    available: false,
    auto: false,
    reason: `is not here: ${'do this and that '.repeat(12)}now`,
  },
  {
    ...{ name: 'wasm', available: true, auto: true, device: 'AMD EPYC, 2 cores', version: 'wasm 4.22.0' },
    ...{ reason: 'runs on every machine', gigaflops: 33.3866 },
  },
];

test('the table fits 80 columns, marks what auto takes and rounds the rate to three digits', () => {
  const lines = formatEngines(reports).split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(lines.find((line) => line.startsWith('wasm'))).toBe(
    'wasm *        yes          33.4 AMD EPYC, 2 cores',
  );
  expect(lines.find((line) => line.startsWith('webgpu'))).toMatch(/^webgpu {8}no {14}- is not here: do this/);
  expect(lines.join(' ').replace(/\s+/g, ' ')).toContain('do this and that now');
});

test('--json prints the list and nothing else on stdout', async () => {
  const written: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  await enginesCommand().parseAsync(['--json'], { from: 'user' });
  vi.restoreAllMocks();
  const list = JSON.parse(written.join('')) as EngineReport[];
  expect(list.map(({ name }) => name)).toEqual(['tensorflow', 'webgpu', 'wasm', 'cpu']);
  expect(list.find(({ name }) => name === 'wasm')!.gigaflops).toBeGreaterThan(0);
});
