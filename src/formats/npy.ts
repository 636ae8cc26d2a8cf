/** `.npy` files, one array each, as `numpy.save` writes and `numpy.load` reads them. */
import { t } from '@vscode/l10n';
import {
  countElements,
  type ElementRange,
  littleEndianBytes,
  type NumberArray,
  readAsFloat64,
  readAsInt32,
} from './elements.ts';
import { writeParts } from './file-blocks.ts';
import { type FormatError, readError, writeError } from './format-error.ts';
import { type NpyHeader, npyMagic, readNpyHeader } from './npy-header.ts';
import { fail, type Result, succeed } from './result.ts';

/** An array in row-major order, whatever order the file has. Bools are 0 and 1. */
export type NpyArray =
  | { readonly kind: 'float'; readonly shape: readonly number[]; readonly data: Float64Array }
  | { readonly kind: 'int' | 'bool'; readonly shape: readonly number[]; readonly data: Int32Array };

/**
 * Reads floats of 2, 4 and 8 bytes, integers of 1 to 8, and bools, in either byte order and either storage order.
 * Bytes after the array are left alone, as NumPy does.
 * Errors: `missing`, `unreadable`, `truncated`, `header`, `dtype` (complex numbers, texts, structures, objects),
 * `layout`, and `range` where a whole number is no int32 or there is no memory for the array.
 */
export function readNpy(path: string): Result<NpyArray, FormatError> {
  const header = readNpyHeader(path);
  if (!header.ok) return header;
  const range = rangeOf(path, header.value);
  if (!range.ok) return range;
  const { type, shape, order } = header.value;
  const arrange = <A extends NumberArray>(data: A) =>
    order === 'row-major' || shape.length < 2 || data.length === 0 ? data : transposed(data, shape);
  if (type.kind === 'float') {
    const read = readAsFloat64(range.value);
    return read.ok ? succeed({ kind: type.kind, shape, data: arrange(read.value) }) : read;
  }
  const read = readAsInt32(range.value);
  return read.ok ? succeed({ kind: type.kind, shape, data: arrange(read.value) }) : read;
}

/**
 * Writes `<f8`, `<f4` or `<i4` after the array's class, with the very bytes of `numpy.save`.
 * Errors: `layout` where shape and data differ in size or the shape has more than NumPy's 64 axes, `unwritable`.
 */
export function writeNpy(
  path: string,
  array: { readonly shape: readonly number[]; readonly data: NumberArray },
): Result<undefined, FormatError> {
  const { shape, data } = array;
  if (countElements(shape) !== data.length || shape.length > maxAxes) {
    const found = t`an array of shape (${shape.join(', ')}) has ${data.length} values`;
    const wayOut = t`Give one value for each element of the shape, and at most ${maxAxes} axes.`;
    return fail(writeError('layout', path, found, wayOut));
  }
  return writeParts(path, [headerBytes(shape, descrOf(data)), littleEndianBytes(data)]);
}

const maxAxes = 64;

/** Where the elements lie, checked against the length of the file. Errors: `layout`, `truncated`. */
export function rangeOf(path: string, header: NpyHeader): Result<ElementRange, FormatError> {
  const { shape, type, endian, dataStart, dataLength } = header;
  const count = countElements(shape);
  if (count === undefined || shape.length > maxAxes) {
    const found = t`its header has a shape that no array can have`;
    return fail(readError('layout', path, found, t`Save it again with numpy.save.`));
  }
  if (count * type.bytes > dataLength) {
    const found = t`its array needs ${count * type.bytes} bytes and ${dataLength} are there`;
    return fail(readError('truncated', path, found, t`Download or save it again.`));
  }
  return succeed({ path, subject: t`the array`, type, endian, start: dataStart, count });
}

/** Row-major data of an array whose first axis runs fastest in `data`. */
function transposed<A extends NumberArray>(data: A, shape: readonly number[]): A {
  const result = data.slice() as A;
  const index = shape.map(() => 0);
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((a, b) => a * b, 1));
  let source = 0;
  for (let target = 0; target < data.length; target++) {
    result[target] = data[source] ?? 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const stride = strides[axis] ?? 0;
      const length = shape[axis] ?? 0;
      const next = (index[axis] ?? 0) + 1;
      index[axis] = next === length ? 0 : next;
      source += next === length ? stride * (1 - length) : stride;
      if (next < length) break;
    }
  }
  return result;
}

function descrOf(data: NumberArray): string {
  if (data instanceof Float64Array) return '<f8';
  return data instanceof Float32Array ? '<f4' : '<i4';
}

/**
 * Version 1. NumPy leaves room for the first axis to grow to 21 digits and ends the header at a multiple of 64 bytes, a
 * line feed last.
 */
function headerBytes(shape: readonly number[], descr: string): Uint8Array {
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const room = shape[0] === undefined ? '' : ' '.repeat(21 - String(shape[0]).length);
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${tuple}), }${room}`;
  const prefix = 10;
  const length = Math.ceil((prefix + dictionary.length + 1) / 64) * 64 - prefix;
  const bytes = Buffer.alloc(prefix + length, ' ');
  bytes.write(`${npyMagic}\x01\x00`, 0, 'latin1');
  bytes.writeUInt16LE(length, 8);
  bytes.write(dictionary, prefix, 'latin1');
  bytes.write('\n', prefix + length - 1, 'latin1');
  return bytes;
}
