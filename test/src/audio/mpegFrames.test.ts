import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

import { byteSourceOf } from '../../../src/audio/byteSource.ts';
import * as mpegFrames from '../../../src/audio/mpegFrames.ts';
import { FIXTURES } from './fixtures.ts';

const { readMpegHeader } = mpegFrames;
const findMpegStream = (bytes: Uint8Array) => mpegFrames.findMpegStream(byteSourceOf(bytes, 'memory'));
const surveyMpegFrames = (bytes: Uint8Array) => mpegFrames.surveyMpegFrames(byteSourceOf(bytes, 'memory'));

const bare = new Uint8Array(readFileSync(`${FIXTURES}lame-bare.mp3`));
const concatenate = (...parts: ArrayLike<number>[]) =>
  Uint8Array.from(parts.flatMap((part) => Array.from(part)));
const ascii = (text: string) => [...text].map((letter) => letter.charCodeAt(0));

test.each([
  // by hand: samples / 8 × bit rate / sample rate, rounded down, plus padding
  ['MPEG-1 layer III, 128 kbit/s, 44.1 kHz', [0xff, 0xfb, 0x90, 0x00], 417, 1152, 44100, 2],
  ['the same with padding, mono', [0xff, 0xfb, 0x92, 0xc0], 418, 1152, 44100, 1],
  ['MPEG-2 layer III, 64 kbit/s, 22.05 kHz', [0xff, 0xf3, 0x80, 0x40], 208, 576, 22050, 2],
  ['MPEG-2.5 layer III, 8 kbit/s, 8 kHz', [0xff, 0xe3, 0x18, 0xc0], 72, 576, 8000, 1],
  ['MPEG-1 layer II, 192 kbit/s, 48 kHz', [0xff, 0xfd, 0xa4, 0x00], 576, 1152, 48000, 2],
  ['MPEG-1 layer I, 384 kbit/s, 32 kHz, padding', [0xff, 0xff, 0xca, 0x00], 580, 384, 32000, 2],
])('%s', (_, bytes, length, samplesPerFrame, sampleRate, channels) => {
  expect(readMpegHeader(Uint8Array.from(bytes), 0)).toMatchObject({
    length,
    samplesPerFrame,
    sampleRate,
    channels,
  });
});

test('reserved values are no header', () => {
  for (const bytes of [
    [0xff, 0xeb, 0x90, 0x00], // version
    [0xff, 0xf9, 0x90, 0x00], // layer
    [0xff, 0xfb, 0xf0, 0x00], // bit rate
    [0xff, 0xfb, 0x00, 0x00], // free format
    [0xff, 0xfb, 0x9c, 0x00], // sampling rate
    [0xff, 0xfb, 0x90], // cut
    [0xfe, 0xfb, 0x90, 0x00],
  ]) {
    expect(readMpegHeader(Uint8Array.from(bytes), 0)).toBeUndefined();
  }
});

test('frames are counted, and the one with the Info header is not', () => {
  // 64 kbit/s at 44.1 kHz: 208 or 209 bytes a frame; ffmpeg gives 5760 samples of bare, 5 frames
  expect(surveyMpegFrames(bare)).toMatchObject({ start: 0, frames: 5, endsInsideFrame: false });
  expect(surveyMpegFrames(bare)?.declaredFrames).toBeUndefined();
  const withHeader = new Uint8Array(readFileSync(`${FIXTURES}lame-mono.mp3`));
  const survey = surveyMpegFrames(withHeader);
  expect(survey).toMatchObject({ declaredFrames: survey?.frames, endsInsideFrame: false });
});

test('tags before and after, and junk between, are passed over', () => {
  const id3v2 = [...ascii('ID3'), 4, 0, 0, 0, 0, 1, 2, ...new Array<number>(130).fill(0xff)];
  const id3v1 = [...ascii('TAG'), ...new Array<number>(125).fill(0xff)];
  const apeSize = [72, 0, 0, 0];
  const ape = [...new Array<number>(40).fill(0xff), ...ascii('APETAGEX'), 0xd0, 7, 0, 0, ...apeSize];
  const apeTag = [...ape, ...new Array<number>(16).fill(0)];
  const middle = [1, 2, 3].reduce((at) => at + readMpegHeader(bare, at)!.length, 0);
  const tagged = concatenate(id3v2, bare, apeTag, id3v1);
  expect(surveyMpegFrames(tagged)).toMatchObject({ start: 140, frames: 5, endsInsideFrame: false });
  const torn = concatenate(bare.subarray(0, middle), [0, 1, 0xff, 2, 3], bare.subarray(middle));
  expect(surveyMpegFrames(concatenate(torn, torn))).toMatchObject({ frames: 10, endsInsideFrame: false });
});

test('a file that ends inside a frame says so, at every byte', () => {
  const borders = new Set<number>();
  for (let at = 0; at < bare.length; at += readMpegHeader(bare, at)!.length) borders.add(at);
  for (let length = 4; length < bare.length; length += 1) {
    expect(surveyMpegFrames(bare.subarray(0, length))?.endsInsideFrame).toBe(!borders.has(length));
  }
});

test('padding before the stream is passed over, text and lone headers are no stream', () => {
  expect(findMpegStream(concatenate(new Array<number>(1000).fill(0), bare))).toBe(1000);
  expect(
    findMpegStream(concatenate(ascii('some text'), [0xff, 0xfb, 0x90, 0x00], ascii(' more'))),
  ).toBeUndefined();
  expect(findMpegStream(new Uint8Array(0))).toBeUndefined();
});
