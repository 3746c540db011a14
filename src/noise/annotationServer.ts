/** A page on this machine alone that plays clips and takes answers. */
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, isAbsolute, join, relative } from 'node:path';
import { InputError } from '../errors.ts';
import { annotationPage, annotationScript } from './annotationPage.ts';
import type { AnswerJournal } from './answerJournal.ts';
import type { SheetRow } from './sheet.ts';

export interface AnnotationServerOptions {
  sheet: readonly SheetRow[];
  journal: AnswerJournal;
  /** Folder that the sheet's paths are relative to; nothing outside it is read. */
  audio: string;
  /** A loopback address. Default 127.0.0.1. */
  host?: string;
  /** 0 takes a free one. Default 0. */
  port?: number;
}

export interface AnnotationServer {
  /** Address of the page. */
  url: string;
  close(): Promise<void>;
}

const loopback = ['127.0.0.1', '::1', 'localhost'];

/** Of a request; an answer has a hundred bytes. */
const mostBytes = 4096;

/** What browsers call the formats; others are left to them to guess. */
const mediaTypes: Record<string, string | undefined> = {
  ...{ '.wav': 'audio/wav', '.mp3': 'audio/mpeg', '.flac': 'audio/flac', '.ogg': 'audio/ogg' },
  ...{ '.opus': 'audio/ogg', '.m4a': 'audio/mp4' },
};

/**
 * Serves the annotation page: GET `/`, `/page.js`, `/questions?annotator=`, `/audio/<path>`; POST `/answers`.
 *
 * It listens on loopback alone, answers only requests addressed to a loopback name (so that no web page can reach it by
 * a name of its own), takes answers of at most 4096 bytes as JSON, and reads only clips that the sheet names and that
 * lie in the audio folder, links followed.
 *
 * @throws InputError if the host is not loopback, or the port is taken.
 */
export async function serveAnnotation(options: AnnotationServerOptions): Promise<AnnotationServer> {
  const { host = '127.0.0.1', port = 0 } = options;
  if (!loopback.includes(host)) {
    throw new InputError(
      `--host ${host}: the page is for this machine alone. Expected ${loopback.join(', ')}.`,
    );
  }
  const folder = await realpath(options.audio).catch(() => {
    throw new InputError(`${options.audio}: no such folder. Name the one that the sheet's paths start from.`);
  });
  const server = createServer((request, response) => {
    answer(request, response, { ...options, audio: folder }).catch((error: unknown) => {
      refuse(response, 500, error instanceof Error ? error.message : String(error));
    });
  });
  await listen(server, host, port);
  const address = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}/`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        new InputError(`port ${port} of ${host} cannot be used (${error.code}). Choose another --port.`),
      );
    });
    server.listen(port, host, resolve);
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: AnnotationServerOptions,
): Promise<void> {
  response.setHeader(
    'Content-Security-Policy',
    "default-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  );
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Cache-Control', 'no-store');
  if (!isLoopbackName(request.headers.host)) return refuse(response, 403, 'not a name of this machine');
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (request.method === 'POST') {
    if (url.pathname !== '/answers') return refuse(response, 404, 'nothing here');
    return takeAnswer(request, response, options);
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'GET or POST');
  if (url.pathname === '/') return send(response, 'text/html; charset=utf-8', annotationPage);
  if (url.pathname === '/page.js') return send(response, 'text/javascript; charset=utf-8', annotationScript);
  if (url.pathname === '/questions') {
    const said = options.journal.answersOf(url.searchParams.get('annotator') ?? '');
    const questions = options.sheet.map(({ path, tag }, row) => ({ path, tag, answer: said.get(row) ?? '' }));
    return send(response, 'application/json', JSON.stringify(questions)); // without strata: they tell the given label
  }
  if (url.pathname.startsWith('/audio/')) return sendAudio(request, response, url.pathname.slice(7), options);
  refuse(response, 404, 'nothing here');
}

/** Of `localhost:8000`, `[::1]:8000` or `127.0.0.1`. */
function isLoopbackName(host: string | undefined): boolean {
  const name = host?.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  return name !== undefined && loopback.includes(name);
}

async function takeAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  { sheet, journal }: AnnotationServerOptions,
): Promise<void> {
  // a page from elsewhere cannot send this type without asking first, which is never granted
  if (request.headers['content-type'] !== 'application/json') return refuse(response, 415, 'expected JSON');
  const body = await readBody(request);
  if (body === null) {
    response.setHeader('Connection', 'close'); // what is left of the body is not read
    return refuse(response, 413, `more than ${mostBytes} bytes`);
  }
  const said = readAnswer(body, sheet.length);
  if (!said) return refuse(response, 400, 'expected {"row", "annotator", "answer": "yes" | "no" | "unsure"}');
  await journal.append(said.row, said.annotator, said.answer);
  send(response, 'application/json', JSON.stringify({ saved: said.row }));
}

/** Null as soon as it is more than `mostBytes`. */
function readBody(request: IncomingMessage): Promise<string | null> {
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) return Promise.resolve(null);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('error', reject);
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes <= mostBytes) return;
      request.pause();
      resolve(null);
    });
  });
}

interface Said {
  row: number;
  annotator: string;
  answer: 'yes' | 'no' | 'unsure';
}

function readAnswer(text: string, questions: number): Said | null {
  let said: Partial<Said> | null;
  try {
    said = JSON.parse(text) as Partial<Said> | null;
  } catch {
    return null;
  }
  const { row, annotator, answer: word } = said ?? {};
  const isName = typeof annotator === 'string' && /^[^\p{Cc}]{1,100}$/u.test(annotator);
  if (!Number.isInteger(row) || row! < 0 || row! >= questions || !isName) return null;
  return ['yes', 'no', 'unsure'].includes(word!) ? { row: row!, annotator, answer: word! } : null;
}

async function sendAudio(
  request: IncomingMessage,
  response: ServerResponse,
  encoded: string,
  { sheet, audio }: AnnotationServerOptions,
): Promise<void> {
  const clip = decodeURIComponentOrNull(encoded);
  if (clip === null || !sheet.some(({ path }) => path === clip))
    return refuse(response, 404, 'not in the sheet');
  const path = await realpath(isAbsolute(clip) ? clip : join(audio, clip)).catch(() => null);
  if (path === null) return refuse(response, 404, 'no such file');
  const inside = relative(audio, path);
  if (inside.startsWith('..') || isAbsolute(inside)) return refuse(response, 403, 'outside the audio folder');
  const status = await stat(path);
  if (!status.isFile()) return refuse(response, 404, 'not a file');

  response.setHeader('Accept-Ranges', 'bytes');
  response.setHeader('Content-Type', mediaTypes[extname(path).toLowerCase()] ?? 'application/octet-stream');
  const range = readRange(request.headers.range, status.size);
  if (range === null) {
    response.setHeader('Content-Range', `bytes */${status.size}`);
    return refuse(response, 416, 'no such range');
  }
  const [start, end] = range;
  if (request.headers.range !== undefined) {
    response.statusCode = 206;
    response.setHeader('Content-Range', `bytes ${start}-${end}/${status.size}`);
  }
  response.setHeader('Content-Length', status.size === 0 ? 0 : end - start + 1);
  if (request.method === 'HEAD' || status.size === 0) return void response.end();
  const stream = createReadStream(path, { start, end });
  stream.on('error', () => response.destroy());
  response.on('close', () => stream.destroy());
  stream.pipe(response);
}

/** First and last byte of `bytes=0-`, `bytes=5-9` or `bytes=-5`; null where the file has none of them. */
function readRange(header: string | undefined, size: number): [number, number] | null {
  const found = /^bytes=(\d*)-(\d*)$/.exec(header ?? 'bytes=0-');
  if (!found || (found[1] === '' && found[2] === '')) return null;
  const [first, last] = found.slice(1);
  if (first === '') return size === 0 ? null : [Math.max(0, size - Number(last)), size - 1];
  if (header !== undefined && Number(first) >= size) return null;
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  return Number(first) > end && size > 0 ? null : [Number(first), end];
}

function decodeURIComponentOrNull(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function send(response: ServerResponse, type: string, content: string): void {
  response.setHeader('Content-Type', type);
  response.end(content);
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  if (response.headersSent) return void response.destroy();
  response.statusCode = status;
  send(response, 'text/plain; charset=utf-8', `${reason}\n`);
}
