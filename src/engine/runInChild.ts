/** Runs a few lines of JavaScript in a Node process of their own, where a native library may crash, hang or print. */
import { execFile } from 'node:child_process';

const MARK = 'sonotag-result:';

export interface ChildOptions {
  /** Handed to the lines as strings. */
  args: string[];
  timeoutSeconds: number;
  /** Added to this process's environment. */
  env?: Record<string, string>;
  /** Folder that modules are found from. Default: this process's. */
  cwd?: string;
}

/** What came of it: the value that the lines returned, the message that they threw, or how the process ended. */
export type ChildResult =
  { kind: 'value'; value: unknown } | { kind: 'error'; message: string } | { kind: 'crash'; message: string };

/**
 * Runs `body`, the body of an async function of the parameter `args` (and CommonJS' `require`), and reports what it
 * returned as JSON carries it. Everything that the process prints is caught. Never throws.
 *
 * @example await runInChild('return args[0].length', { args: ['four'], timeoutSeconds: 5 }) // { kind: 'value', value: 4 }
 */
export function runInChild(
  body: string,
  { args, timeoutSeconds, env, cwd }: ChildOptions,
): Promise<ChildResult> {
  const report = `(result) => {
    require('node:fs').writeSync(1, '\\n${MARK}' + JSON.stringify(result) + '\\n');
    process.exit(0);
  }`;
  const script = `const report = ${report};
    (async (args) => {${body}\n})(process.argv.slice(1)).then(
      (value) => report({ kind: 'value', value: value ?? null }),
      (error) => report({ kind: 'error', message: String(error?.message ?? error) }),
    );`;
  const options = {
    env: { ...process.env, ...env },
    cwd,
    timeout: timeoutSeconds * 1000,
    killSignal: 'SIGKILL' as const,
    maxBuffer: 16 * 2 ** 20, // bytes
    windowsHide: true,
  };
  return new Promise((resolve) => {
    execFile(process.execPath, ['-e', script, ...args], options, (failure, stdout, stderr) => {
      const line = stdout.split('\n').find((text) => text.startsWith(MARK));
      if (line !== undefined) {
        resolve(JSON.parse(line.slice(MARK.length)) as ChildResult);
        return;
      }
      resolve({ kind: 'crash', message: describeEnd(failure, timeoutSeconds, stderr) });
    });
  });
}

function describeEnd(
  failure: { killed?: boolean; signal?: string | null; code?: unknown } | null,
  timeoutSeconds: number,
  stderr: string,
): string {
  if (failure?.killed) return `gave no answer within ${timeoutSeconds} s`;
  if (failure === null) return 'ended without an answer';
  const how = failure.signal ?? `exit code ${String(failure.code)}`;
  const said = firstLine(stderr);
  return `crashed (${how})${said === '' ? '' : `: ${said}`}`;
}

/** The first line of a message that says anything, without surrounding space. */
export function firstLine(text: string): string {
  return (
    text
      .split('\n')
      .map((line) => line.trim())
      .find((line) => line !== '') ?? ''
  );
}
