/** Drives a headless Chromium as a person would, over the DevTools protocol on a pipe. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

export interface BrowserPage {
  goTo(url: string): Promise<void>;
  /** Value of an expression in the page. */
  evaluate<T>(expression: string): Promise<T>;
  /** Waits until an expression in the page is true. */
  until(expression: string): Promise<void>;
  /** Types a text, or one named key such as `ArrowLeft`. */
  press(key: string): Promise<void>;
  type(text: string): Promise<void>;
  /** A picture of the page, PNG. */
  screenshot(): Promise<Buffer>;
  close(): Promise<void>;
}

interface Message {
  id?: number;
  result?: Record<string, unknown>;
  error?: { message: string };
}

const mostMilliseconds = 30_000;

export async function openPage(chromium: string, flags: string[] = []): Promise<BrowserPage> {
  const profile = mkdtempSync(join(tmpdir(), 'sonotag-chromium-'));
  const browser = spawn(
    chromium,
    [
      ...['--headless', '--no-sandbox', '--no-first-run', '--disable-gpu', '--mute-audio'],
      ...['--autoplay-policy=no-user-gesture-required', `--user-data-dir=${profile}`],
      ...['--remote-debugging-pipe', ...flags, 'about:blank'],
    ],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'], detached: true }, // with its helpers
  );
  const ended = new Promise<void>((resolve) => browser.on('exit', () => resolve()));
  const send = protocol(browser.stdio[3] as Writable, browser.stdio[4] as Readable);
  const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
  const inPage = (method: string, params: object = {}) => send(method, params, sessionId as string);

  const evaluate = async <T>(expression: string): Promise<T> => {
    const params = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await inPage('Runtime.evaluate', params);
    if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
    return (result as { value: T }).value;
  };
  const until = async (expression: string): Promise<void> => {
    for (const start = Date.now(); Date.now() - start < mostMilliseconds;) {
      if (await evaluate<boolean>(`Boolean(${expression})`).catch(() => false)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(
      `never came true: ${expression}; the page shows: ${await evaluate('document.body.innerText')}`,
    );
  };
  const press = async (key: string): Promise<void> => {
    const text = key.length === 1 ? { text: key } : key === 'Enter' ? { text: '\r' } : {};
    await inPage('Input.dispatchKeyEvent', { type: 'keyDown', key, ...text });
    await inPage('Input.dispatchKeyEvent', { type: 'keyUp', key });
  };
  return {
    evaluate,
    until,
    press,
    goTo: async (url) => {
      await inPage('Page.navigate', { url });
      await until(`location.href === ${JSON.stringify(url)} && document.readyState === 'complete'`);
    },
    type: async (text) => {
      for (const letter of text) await press(letter);
    },
    screenshot: async () =>
      Buffer.from((await inPage('Page.captureScreenshot', { format: 'png' }))['data'] as string, 'base64'),
    close: async () => {
      if (browser.pid !== undefined && browser.exitCode === null) process.kill(-browser.pid, 'SIGKILL');
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

/** Messages are JSON that end in a zero byte. */
function protocol(writable: Writable, readable: Readable) {
  const waiting = new Map<number, (message: Message) => void>();
  let [next, received] = [1, ''];
  readable.setEncoding('utf8');
  readable.on('data', (chunk: string) => {
    const parts = (received + chunk).split('\0');
    received = parts.pop()!;
    for (const part of parts) {
      const message = JSON.parse(part) as Message;
      if (message.id !== undefined) waiting.get(message.id)?.(message);
    }
  });
  writable.on('error', () => undefined); // the browser has gone; whoever waits runs into the test's limit
  return (method: string, params: object, sessionId?: string): Promise<Record<string, unknown>> =>
    new Promise((resolve, reject) => {
      const id = next++;
      waiting.set(id, ({ result, error }) => {
        waiting.delete(id);
        if (error) reject(new Error(`${method}: ${error.message}`));
        else resolve(result ?? {});
      });
      writable.write(`${JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) })}\0`);
    });
}
