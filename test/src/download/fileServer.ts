/** A server of the test's own, on the loopback, that misbehaves on demand; and a `fetch` that finds it. */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';
import type { Fetch } from '../../../src/download/request.ts';

export interface ServedFile {
  content: Uint8Array;
  etag?: string;
  /** Answers to ranges; default true. */
  ranges?: boolean;
  /** Connections are cut after so many bytes, one after the other; later ones are whole. */
  cuts?: number[];
  /** Sent instead of the file. */
  status?: number;
  location?: string;
  /** Size that the headers tell; default the content's. */
  says?: number;
}

/** Serves `https://data.test/NAME`; the requests that came are kept. */
export async function serveFiles(
  files: Record<string, ServedFile>,
): Promise<{ fetch: Fetch; requests: IncomingMessage[] }> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    const file = files[request.url!.slice(1)];
    if (file) answer(file, request, response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => server.close());
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const fetchHere: Fetch = async (url, init) => {
    const response = await fetch(url.replace('https://data.test/', base), init);
    const cut = init.method === 'GET' ? files[new URL(url).pathname.slice(1)]?.cuts?.shift() : undefined;
    return cut === undefined ? response : cutBody(response, cut);
  };
  return { requests, fetch: fetchHere };
}

function answer(file: ServedFile, request: IncomingMessage, response: ServerResponse): void {
  const { content, etag, ranges = true, status, location, says = content.length } = file;
  if (status !== undefined) return void response.writeHead(status, location ? { location } : {}).end();
  const asked = ranges ? /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] : undefined;
  const isSame = request.headers['if-range'] === undefined || request.headers['if-range'] === etag;
  const start = asked !== undefined && isSame ? Number(asked) : 0;
  const version = etag === undefined ? {} : { etag };
  if (asked !== undefined && isSame && start >= content.length) {
    return void response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
  }
  const range = { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` };
  response.writeHead(start > 0 ? 206 : 200, {
    'content-length': says - start,
    ...version,
    ...(start > 0 && range),
  });
  if (request.method === 'HEAD') return void response.end();
  response.end(content.subarray(start));
}

/** Breaks off after so many bytes have been read; a connection that a server cuts may lose what is on its way. */
async function cutBody(response: Response, bytes: number): Promise<Response> {
  const content = new Uint8Array(await response.arrayBuffer()).subarray(0, bytes);
  let isRead = content.length === 0;
  const body = new ReadableStream(
    {
      pull(controller) {
        if (isRead) controller.error(new Error('other side closed'));
        else controller.enqueue(content);
        isRead = true;
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { status: response.status, headers: response.headers });
}
