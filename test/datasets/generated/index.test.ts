import { expect, test } from 'vitest';
import type { Clip, RenderClip } from '../../../datasets/dataset.ts';
import { generatedTags, listGenerated, renderUnseen, scoreOf } from '../../../datasets/generated/index.ts';
import { instruments } from '../../../datasets/generated/instruments/index.ts';

const render = (clip: Clip, sampleRate = 12_000): Float32Array => (clip.source as RenderClip)(sampleRate);

test('by default 600, 120 and 240 multi-label clips of the stated tags', () => {
  const { clips, tags, exclusive, name } = listGenerated();
  const count = (split: string): number => clips.filter((clip) => clip.split === split).length;
  expect([count('train'), count('valid'), count('test')]).toEqual([600, 120, 240]);
  expect({ tags, exclusive, name }).toEqual({ tags: generatedTags, exclusive: false, name: 'generated' });
  expect(new Set(clips.map((clip) => clip.id)).size).toBe(960);
  expect(clips[0].id).toBe('generated/train/0001');
  expect(clips[959].id).toBe('generated/test/0240');
  for (const { labels } of clips) expect(labels.every((label) => tags.includes(label))).toBe(true);
});

test('at least eight instruments, two tempos and two modes', () => {
  expect(generatedTags.slice(-4)).toEqual(['fast', 'slow', 'major', 'minor']);
  expect(generatedTags.slice(0, -4)).toEqual(Object.keys(instruments));
  expect(generatedTags.length - 4).toBeGreaterThanOrEqual(8);
});

test('tags are as unequal as real ones: shares from 8 to 55 %, and clips carry two to eight', () => {
  const { clips, tags } = listGenerated();
  const shares = tags.map((tag) => clips.filter((clip) => clip.labels.includes(tag)).length / clips.length);
  expect(Math.min(...shares)).toBeGreaterThan(0.08);
  expect(Math.min(...shares)).toBeLessThan(0.12);
  expect(Math.max(...shares)).toBeLessThan(0.55);
  expect(Math.max(...shares)).toBeGreaterThan(0.45);
  const perClip = clips.map((clip) => clip.labels.length);
  expect(Math.min(...perClip)).toBe(2);
  expect(Math.max(...perClip)).toBe(8);
});

test('every tag occurs in every split', () => {
  const { clips, tags } = listGenerated();
  for (const split of ['train', 'valid', 'test']) {
    const found = new Set(clips.filter((clip) => clip.split === split).flatMap((clip) => clip.labels));
    expect(found.size, split).toBe(tags.length);
  }
});

test('labels are what the score says', () => {
  for (const [i, { labels }] of listGenerated({ train: 200, valid: 0, test: 0 }).clips.entries()) {
    const { parts, beatsPerMinute, chords } = scoreOf(1, 'train', i, 4);
    const melodic = parts.some(({ instrument }) => !['kick', 'snare', 'hi-hat', 'bass'].includes(instrument));
    const thirds = new Set(chords.map((chord) => chord.third - chord.root));
    expect(thirds.size).toBe(1);
    const expected = new Map<string, boolean>([
      ...Object.keys(instruments).map(
        (name) => [name, parts.some((part) => part.instrument === name)] as const,
      ),
      ['slow', beatsPerMinute < 80],
      ['fast', beatsPerMinute > 140],
      ['major', melodic && thirds.has(4)],
      ['minor', melodic && thirds.has(3)],
    ]);
    for (const [tag, applies] of expected) expect(labels.includes(tag), `clip ${i}: ${tag}`).toBe(applies);
    for (const part of parts) expect(part.notes.length).toBeGreaterThan(0);
  }
});

test('between slow and fast lies a gap, and what is in it has neither tag', () => {
  const tempos = Array.from({ length: 300 }, (_, i) => scoreOf(1, 'train', i, 4));
  for (const { beatsPerMinute, tempo } of tempos) {
    if (tempo === 'slow') expect(beatsPerMinute).toBeLessThan(80);
    if (tempo === 'moderate') expect(beatsPerMinute > 90 && beatsPerMinute < 125).toBe(true);
    if (tempo === 'fast') expect(beatsPerMinute).toBeGreaterThan(140);
  }
  expect(tempos.filter((score) => score.tempo === 'moderate').length).toBeGreaterThan(60);
});

test('the same seed and rate give the same samples, bit by bit; another seed gives another clip', () => {
  const [clip] = listGenerated({ train: 1 }).clips;
  const samples = render(clip);
  expect(render(clip)).toEqual(samples);
  expect(render(listGenerated({ train: 1 }).clips[0])).toEqual(samples);
  expect(render(listGenerated({ seed: 2, train: 1 }).clips[0])).not.toEqual(samples);
});

test('a clip does not depend on how many others are listed', () => {
  const few = listGenerated({ train: 3, valid: 0, test: 2 }).clips;
  const many = listGenerated({ train: 9, valid: 5, test: 6 }).clips;
  for (const clip of few) {
    const same = many.find(({ id }) => id === clip.id)!;
    expect(same.labels).toEqual(clip.labels);
    expect(render(same, 8000)).toEqual(render(clip, 8000));
  }
});

test('no clip is in two splits, nor the unseen one in any', () => {
  const { clips } = listGenerated({ train: 30, valid: 30, test: 30 });
  const sounds = [...clips, renderUnseen()].map((clip) => render(clip, 8000).slice(4000, 4100).join());
  expect(new Set(sounds).size).toBe(91);
});

test('the unseen clip has tags of its own, and its length can be chosen', () => {
  const clip = renderUnseen(3, { seconds: 2 });
  expect(clip.id).toBe('generated/unseen/0001');
  expect(clip.split).toBeUndefined();
  expect(clip.labels.every((label) => generatedTags.includes(label))).toBe(true);
  expect(render(clip)).toHaveLength(24_000);
  expect(render(renderUnseen(3, { seconds: 2 }))).toEqual(render(clip));
});

test('counts, lengths, seeds and rates out of range are refused with the fix', () => {
  expect(() => listGenerated({ train: -1 })).toThrow(
    'train must be a number of clips in 0 … 1000000; got -1',
  );
  expect(() => listGenerated({ test: 1.5 })).toThrow(RangeError);
  expect(() => listGenerated({ seconds: 4000 })).toThrow('Was it given in milliseconds or samples?');
  expect(() => renderUnseen(1, { seconds: 0 })).toThrow('seconds must lie in 1 … 60; got 0');
  expect(() => listGenerated({ seed: 0.5 })).toThrow('seed must be an integer');
  expect(() => render(renderUnseen(), 12)).toThrow('was the rate given in kHz?');
  expect(() => render(renderUnseen(), 96_000)).toThrow(RangeError);
});
