/** Runs a program of the user's machine to its end, whatever it does. */
import { execFile } from 'node:child_process';

export interface ProgramEnd {
  /** 0 if it did what it was asked to; undefined where it could not be started, or was ended. */
  code: number | undefined;
  /** True where there is no such program. */
  absent: boolean;
  stdout: string;
  stderr: string;
}

/** Never throws. */
export function runProgram(
  file: string,
  args: readonly string[],
  options: { env: NodeJS.ProcessEnv; timeoutSeconds: number; cwd?: string },
): Promise<ProgramEnd> {
  const { env, timeoutSeconds, cwd } = options;
  const limits = { timeout: timeoutSeconds * 1000, killSignal: 'SIGKILL' as const, maxBuffer: 64 * 2 ** 20 };
  return new Promise((resolve) => {
    execFile(file, args, { env, cwd, windowsHide: true, ...limits }, (failure, stdout, stderr) => {
      if (failure === null) return resolve({ code: 0, absent: false, stdout, stderr });
      const { code } = failure as { code?: unknown };
      const said = failure.killed ? `it was given up after ${timeoutSeconds} s` : stderr;
      resolve({
        code: typeof code === 'number' ? code : undefined,
        absent: code === 'ENOENT',
        stdout,
        stderr: said === '' ? failure.message : said,
      });
    });
  });
}

/** The line of a program's messages that names the fault: the first with 'error' in it, or else the first. */
export function faultLine(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.find((line) => /\berror\b/i.test(line)) ?? lines[0] ?? 'it said nothing';
}
