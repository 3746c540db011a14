import { readFileSync } from 'node:fs';

/** An array as `array` of `test/fixtures/golden.py` writes it. */
export interface PeerArray {
  shape: number[];
  /** Base64 of little-endian float32, row-major. */
  float32: string;
}

/** The shape and values of an array in a fixture. */
export function decodeArray({ shape, float32 }: PeerArray): { shape: number[]; values: Float32Array } {
  const bytes = Uint8Array.from(Buffer.from(float32, 'base64'));
  return { shape, values: new Float32Array(bytes.buffer) };
}

/** A fixture by its path under `test/fixtures`, such as `kapre/stft.json`. */
export function readPeerFixture<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(`../fixtures/${path}`, import.meta.url), 'utf8')) as T;
}
