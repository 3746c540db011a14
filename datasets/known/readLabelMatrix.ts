/** A NumPy file of zeros and ones, row by row: how tags of many clips are published. */

import { DatasetError } from '../dataset.ts';

export interface LabelMatrix {
  rows: number;
  columns: number;
  /** 0 or 1, row-major `[rows, columns]`. */
  values: Uint8Array;
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY

/**
 * Reads a matrix of booleans or bytes in the NPY format, version 1, 2 or 3, in C order (NumPy 2.4, "numpy.lib.format").
 *
 * @param path Names the file in messages.
 * @throws DatasetError if the bytes are no such matrix, hold anything but 0 and 1, or are cut off.
 */
export function readLabelMatrix(bytes: Uint8Array, path: string): LabelMatrix {
  const fail = (why: string): never => {
    throw new DatasetError(`${path}: ${why}; expected a NumPy matrix of 0 and 1, as published`);
  };
  if (bytes.length < 12 || magic.some((byte, i) => bytes[i] !== byte)) fail('not a NumPy file');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isFirst = bytes[6] === 1;
  const start = (isFirst ? 10 : 12) + (isFirst ? view.getUint16(8, true) : view.getUint32(8, true));
  const header = new TextDecoder('latin1').decode(bytes.subarray(10, Math.min(start, bytes.length)));
  const descr = /'descr':\s*'([^']*)'/.exec(header)?.[1] ?? '';
  const shape = /'shape':\s*\((\d+),\s*(\d+),?\s*\)/.exec(header);
  if (!['|b1', '|u1', '|i1'].includes(descr)) fail(`its numbers are "${descr}", not booleans or bytes`);
  if (/'fortran_order':\s*True/.test(header)) fail('its columns come first (Fortran order)');
  if (!shape) return fail('it is not a matrix');
  const [rows, columns] = [Number(shape[1]), Number(shape[2])];
  const values = bytes.subarray(start);
  if (values.length !== rows * columns) {
    fail(`${values.length} numbers where its header says ${rows} × ${columns}`);
  }
  if (values.some((value) => value > 1)) fail('a number is neither 0 nor 1');
  return { rows, columns, values };
}
