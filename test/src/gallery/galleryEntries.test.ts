import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import * as layers from '../../../layers/index.ts';
import { galleryEntries } from '../../../src/gallery/galleryEntries.ts';

const layerNames = Object.values(layers as Record<string, unknown>)
  .filter((value) => typeof value === 'function' && value.prototype instanceof tf.layers.Layer)
  .map((value) => (value as typeof tf.layers.Layer & { className: string }).className);

test('every layer of sonotag/layers has an entry, and no entry is of anything else', () => {
  expect(layerNames.length).toBeGreaterThan(10);
  expect([...new Set(galleryEntries.map(({ layer }) => layer))].sort()).toEqual([...layerNames].sort());
});

test('no two entries have the same name', () => {
  const names = galleryEntries.map(({ layer, variant }) => `${layer} ${variant}`);
  expect(new Set(names).size).toBe(names.length);
});

test.each(galleryEntries)(
  '$layer: a line on what it does, and the layer shown is the last of its chain',
  (entry) => {
    expect(entry.about).toMatch(/^[A-Zµ][^\n]{10,150}\.$/);
    expect(entry.counterpart).not.toBe('');
    const chain = entry.chain(1);
    expect(chain[chain.length - 1].getClassName()).toBe(entry.layer);
  },
);
