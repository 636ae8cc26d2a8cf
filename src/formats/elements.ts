/** Numbers as files hold them: one record per element type, and the way from a range of a file to a typed array. */

import { endianness } from 'node:os';
import { t } from '@vscode/l10n';
import { readBlocks } from './file-blocks.ts';
import { type FormatError, readError } from './format-error.ts';
import { fail, type Result, succeed } from './result.ts';

export interface ElementType {
  readonly kind: 'float' | 'int' | 'bool';
  readonly bytes: number;
  /** 64-bit integers beyond 2^53 are rounded to the nearest float64. */
  readonly read: (view: DataView, offset: number, littleEndian: boolean) => number;
}

export const float64: ElementType = {
  kind: 'float',
  bytes: 8,
  read: (view, offset, littleEndian) => view.getFloat64(offset, littleEndian),
};
export const float32: ElementType = {
  kind: 'float',
  bytes: 4,
  read: (view, offset, littleEndian) => view.getFloat32(offset, littleEndian),
};
export const float16: ElementType = {
  kind: 'float',
  bytes: 2,
  read: (view, offset, littleEndian) => halfValue(view.getUint16(offset, littleEndian)),
};
export const bfloat16: ElementType = {
  kind: 'float',
  bytes: 2,
  read: (view, offset, littleEndian) => brainValue(view.getUint16(offset, littleEndian)),
};
export const int64: ElementType = {
  kind: 'int',
  bytes: 8,
  read: (view, offset, littleEndian) =>
    view.getInt32(offset + (littleEndian ? 4 : 0), littleEndian) * 2 ** 32 +
    view.getUint32(offset + (littleEndian ? 0 : 4), littleEndian),
};
export const uint64: ElementType = {
  kind: 'int',
  bytes: 8,
  read: (view, offset, littleEndian) =>
    view.getUint32(offset + (littleEndian ? 4 : 0), littleEndian) * 2 ** 32 +
    view.getUint32(offset + (littleEndian ? 0 : 4), littleEndian),
};
export const int32: ElementType = {
  kind: 'int',
  bytes: 4,
  read: (view, offset, littleEndian) => view.getInt32(offset, littleEndian),
};
export const uint32: ElementType = {
  kind: 'int',
  bytes: 4,
  read: (view, offset, littleEndian) => view.getUint32(offset, littleEndian),
};
export const int16: ElementType = {
  kind: 'int',
  bytes: 2,
  read: (view, offset, littleEndian) => view.getInt16(offset, littleEndian),
};
export const uint16: ElementType = {
  kind: 'int',
  bytes: 2,
  read: (view, offset, littleEndian) => view.getUint16(offset, littleEndian),
};
export const int8: ElementType = {
  kind: 'int',
  bytes: 1,
  read: (view, offset) => view.getInt8(offset),
};
export const uint8: ElementType = {
  kind: 'int',
  bytes: 1,
  read: (view, offset) => view.getUint8(offset),
};
export const bool: ElementType = {
  kind: 'bool',
  bytes: 1,
  read: (view, offset) => (view.getUint8(offset) === 0 ? 0 : 1),
};

/** The arrays that tensors are read into and written from. */
export type NumberArray = Float64Array | Float32Array | Int32Array;

export type Endian = 'little' | 'big';

/** `count` elements of a file, the first at byte `start`. */
export interface ElementRange {
  readonly path: string;
  /** How messages call these elements: `tensor "wte"`, `the array`. */
  readonly subject: string;
  readonly type: ElementType;
  readonly endian: Endian;
  readonly start: number;
  readonly count: number;
  /** What the file holds, where it is in memory already: a member of an archive. */
  readonly memory?: Uint8Array;
}

export function readAsFloat64(range: ElementRange): Result<Float64Array, FormatError> {
  return readInto(range, () => new Float64Array(range.count));
}

/** Values are rounded to the nearest float32. */
export function readAsFloat32(range: ElementRange): Result<Float32Array, FormatError> {
  return readInto(range, () => new Float32Array(range.count));
}

/** Errors: `range` where a value is not an int32. The caller asks this of whole numbers and bools only. */
export function readAsInt32(range: ElementRange): Result<Int32Array, FormatError> {
  return readInto(range, () => new Int32Array(range.count));
}

/**
 * The number of elements of a shape, 1 for a scalar.
 * Undefined where an axis is no length, or the product is beyond what an exact count can hold.
 */
export function countElements(shape: readonly number[]): number | undefined {
  if (!shape.every((axis) => Number.isSafeInteger(axis) && axis >= 0)) return undefined;
  const count = shape.includes(0) ? 0 : shape.reduce((product, axis) => product * axis, 1);
  return Number.isSafeInteger(count) ? count : undefined;
}

/** The bytes of the array in little-endian order, which all files are written in: a view where the machine has it too. */
export function littleEndianBytes(data: NumberArray): Uint8Array {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (endianness() === 'LE') return bytes;
  const copy = Buffer.from(bytes);
  return data.BYTES_PER_ELEMENT === 8 ? copy.swap64() : copy.swap32();
}

function readInto<A extends NumberArray>(
  range: ElementRange,
  allocate: () => A,
): Result<A, FormatError> {
  const { path, type, start, count } = range;
  let target: A;
  try {
    target = allocate();
  } catch {
    return fail(tooLarge(range));
  }
  if (range.memory !== undefined) {
    const block = range.memory.subarray(start, start + count * type.bytes);
    const error = decodeBlock(range, block, target, 0);
    return error === undefined ? succeed(target) : fail(error);
  }
  const read = readBlocks(path, start, count * type.bytes, (block, at) =>
    decodeBlock(range, block, target, at / type.bytes),
  );
  return read.ok ? succeed(target) : read;
}

function decodeBlock(
  range: ElementRange,
  block: Uint8Array,
  target: NumberArray,
  first: number,
): FormatError | undefined {
  const { bytes, read } = range.type;
  const littleEndian = range.endian === 'little';
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const whole = target instanceof Int32Array;
  for (let i = 0; i < block.length / bytes; i++) {
    const value = read(view, i * bytes, littleEndian);
    if (whole && value !== (value | 0)) return beyondInt32(range, value, first + i);
    target[first + i] = value;
  }
  return undefined;
}

function beyondInt32(range: ElementRange, value: number, index: number): FormatError {
  return readError(
    'range',
    range.path,
    t`${range.subject} has the value ${value} at position ${index}, which a 32-bit integer cannot hold`,
    t`Read it as floating point, or save it with smaller numbers.`,
  );
}

export function tooLarge(range: ElementRange): FormatError {
  return readError(
    'range',
    range.path,
    t`${range.subject} has ${range.count} elements, more than this process can hold`,
    t`Use a smaller tensor, or give the process more memory.`,
  );
}

/** IEEE 754 binary16: 1 sign bit, 5 of exponent (bias 15), 10 of fraction. */
export function halfValue(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0
    ? sign * fraction * 2 ** -24
    : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** bfloat16 is the upper half of a float32: 1 sign bit, 8 of exponent (bias 127), 7 of fraction. */
export function brainValue(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 7) & 0xff;
  const fraction = bits & 0x7f;
  if (exponent === 0xff) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0
    ? sign * fraction * 2 ** -133
    : sign * (1 + fraction / 128) * 2 ** (exponent - 127);
}
