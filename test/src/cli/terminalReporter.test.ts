import { Writable } from 'node:stream';
import { afterEach, expect, test, vi } from 'vitest';
import { formatSeconds, terminalReporter } from '../../../src/cli/terminalReporter.ts';

function stream(isTTY: boolean): { stream: NodeJS.WriteStream; text: () => string } {
  let text = '';
  const write = (chunk: unknown, _encoding: unknown, done: () => void) => ((text += String(chunk)), done());
  const stream = Object.assign(new Writable({ write }), {
    isTTY,
    columns: 80,
  }) as unknown as NodeJS.WriteStream;
  return { stream, text: () => text };
}
afterEach(() => {
  vi.useRealTimers();
});

test('on a terminal a bar shows count, rate, time left and note in 80 columns, and is gone when done', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
  const { stream: terminal, text } = stream(true);
  const bar = terminalReporter(terminal).bar('fold 5/5  epoch 40/40', 12_000);
  vi.advanceTimersByTime(10_000);
  bar.update(3000, 'loss 0.693');
  vi.advanceTimersByTime(200);
  const shown = text().split('\u001b').at(-2)! + text().split('\u001b').at(-1)!;
  expect(shown).toContain('fold 5/5  epoch 40/40 ████░░░░░░░░░░░░ 3000/12000 300/s 30s left loss 0.693');
  bar.done();
  expect(text()).not.toContain('\u001b[?25l'); // the cursor stays, or Ctrl-C would leave none
  expect(text()).not.toContain('\u001b[?7l');
  expect(text().endsWith('\n')).toBe(false);
  expect(vi.getTimerCount()).toBe(0); // nothing keeps the process alive
});

test('elsewhere a bar is a plain line every half minute, and a short job says nothing', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const { stream: file, text } = stream(false);
  const bar = terminalReporter(file).bar('epoch 1/2', 600);
  for (let second = 1; second <= 60; second++) {
    vi.advanceTimersByTime(1000);
    bar.update(second * 2, 'loss 0.5');
  }
  bar.done();
  expect(text()).toBe(
    'epoch 1/2 60/600, 2.0/s, 4m30s left loss 0.5\nepoch 1/2 120/600, 2.0/s, 4m00s left loss 0.5\n',
  );
});

test.each([true, false])('what an earlier run has done is no part of the speed (terminal: %s)', (isTTY) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
  const { stream: out, text } = stream(isTTY);
  const bar = terminalReporter(out).bar('fits', 330);
  bar.skip(40);
  bar.update(40, 'layers01234');
  vi.advanceTimersByTime(40_000);
  bar.update(50, 'layers0124'); // 10 of this run in 40 s, 280 to do
  vi.advanceTimersByTime(200);
  expect(text()).toMatch(/50\/330,? 0\.3\/s,? 18m40s left layers0124/); // 0.25/s
  bar.done();
});

test('times are rounded up and told in two units at most', () => {
  expect([0, 0.2, 59.1, 61, 3599.5, 3661, 36_000].map(formatSeconds)).toEqual([
    '0s',
    '1s',
    '1m00s',
    '1m01s',
    '1h00m',
    '1h01m',
    '10h00m',
  ]);
  expect(formatSeconds(Infinity)).toBe('-');
});
