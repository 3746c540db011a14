/** `sonotag` in this process or in one of its own, with what it prints and its exit code. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, vi } from 'vitest';
import { runCommandLine } from '../../src/cli/runCommandLine.ts';

export interface Ended {
  /** Null where a signal ended it. */
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a command in this process, which is faster than a new one. */
export async function runCommand(...args: string[]): Promise<Ended> {
  const written = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      written[name] += String(text);
      return true;
    }),
  );
  try {
    return { code: await runCommandLine(args), ...written };
  } finally {
    for (const spy of spies) spy.mockRestore();
    process.exitCode = undefined;
  }
}

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** Starts the program itself. */
export function startProgram(args: string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { stdout: '', stderr: '' };
  child.stdout.on('data', (text) => (written.stdout += text));
  child.stderr.on('data', (text) => (written.stderr += text));
  return {
    child,
    ended: once(child, 'close').then(([code]) => ({ code: code as number | null, ...written })),
  };
}

/** Asserts that a command ended with one line for the user, and gives that line. */
export function expectRefusal({ code, stdout, stderr }: Ended): string {
  expect(stderr).not.toMatch(/\n\s+at .*:\d+:\d+/); // no stack
  expect(stderr).not.toContain('which is a defect');
  const lines = stderr.split('\n').filter((line) => line.startsWith('sonotag: '));
  expect(lines, stderr).toHaveLength(1);
  expect(stderr.endsWith(`${lines[0]}\n`), 'the line is the last').toBe(true);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  return lines[0];
}
