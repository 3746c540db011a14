/** Opens a bundled page in headless Chromium and waits for what it posts to `/result`. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { build } from 'esbuild';

/** Debian's, or any of the usual names on the path; undefined where there is none. */
export function findChromium(): string | undefined {
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((path) => existsSync(path));
}

/** @param entry The page's script, TypeScript. */
export async function runInChromium(chromium: string, entry: string, flags: string[]): Promise<unknown> {
  const bundle = await build({
    ...{ entryPoints: [entry], bundle: true, write: false, format: 'esm', platform: 'browser' },
    logLevel: 'silent',
  });
  const script = bundle.outputFiles[0].text;
  let server: Server | undefined;
  const profile = mkdtempSync(join(tmpdir(), 'sonotag-chromium-'));
  try {
    return await new Promise((resolve, reject) => {
      server = serve(script, resolve);
      server.listen(0, '127.0.0.1', () => {
        const { port } = server!.address() as AddressInfo;
        const browser = spawn(
          chromium,
          [
            ...['--headless', '--no-sandbox', '--no-first-run', `--user-data-dir=${profile}`, ...flags],
            `http://127.0.0.1:${port}/`,
          ],
          { stdio: 'ignore', detached: true }, // with its helpers, so that they end together
        );
        server!.on('close', () => {
          if (browser.pid !== undefined && browser.exitCode === null) process.kill(-browser.pid, 'SIGKILL');
        });
        browser.on('error', reject);
        browser.on('exit', (code) => reject(new Error(`the browser ended with ${code} and no result`)));
      });
    });
  } finally {
    server?.closeAllConnections();
    await new Promise((done) => server?.close(done));
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/** Cross-origin isolated, as shared memory asks for. */
function serve(script: string, onResult: (result: unknown) => void): Server {
  return createServer((request, response) => {
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    if (request.method === 'POST') {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        response.end();
        onResult(JSON.parse(Buffer.concat(chunks).toString('utf8')));
      });
    } else if (request.url === '/page.js') {
      response.setHeader('Content-Type', 'text/javascript').end(script);
    } else {
      response
        .setHeader('Content-Type', 'text/html')
        .end('<!doctype html><script type="module" src="/page.js"></script>');
    }
  });
}
