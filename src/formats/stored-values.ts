/** Values of a tensor as a file stores them: half precision stays in its sixteen bits until someone widens it. */
import { endianness } from 'node:os';
import {
  bfloat16,
  brainValue,
  type ElementRange,
  float16,
  float32,
  float64,
  halfValue,
  tooLarge,
} from './elements.ts';
import { readBytes } from './file-blocks.ts';
import type { FormatError } from './format-error.ts';
import { fail, type Result, succeed } from './result.ts';
import { extentOf, gather, isContiguous, type TensorView } from './tensor-view.ts';

/** Row-major. Whole numbers of at least 4 bytes come as f64, smaller ones and bools (0, 1) as f32. */
export type StoredValues =
  | { readonly type: 'f64'; readonly data: Float64Array }
  | { readonly type: 'f32'; readonly data: Float32Array }
  /** The bits of every value. */
  | { readonly type: 'f16' | 'bf16'; readonly data: Uint16Array };

/** Reads just the bytes between the view's first and last element. `range` is all of the tensor. */
export function readView(range: ElementRange, view: TensorView): Result<StoredValues, FormatError> {
  const { type } = range;
  const [first, end] = extentOf(view);
  const count = view.shape.reduce((product, length) => product * length, 1);
  try {
    const bytes =
      range.memory === undefined
        ? readBytes(range.path, range.start + first * type.bytes, (end - first) * type.bytes)
        : succeed(
            range.memory.slice(range.start + first * type.bytes, range.start + end * type.bytes),
          );
    if (!bytes.ok) return bytes;
    return succeed(viewed(range, view, bytes.value, first, count));
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    return fail(tooLarge({ ...range, count }));
  }
}

/** Exact. */
export function widened(values: StoredValues): Float64Array {
  if (values.type === 'f64') return values.data;
  if (values.type === 'f32') return Float64Array.from(values.data);
  return Float64Array.from(values.data, values.type === 'f16' ? halfValue : brainValue);
}

/** Rounded to what holds them. */
export function fillWidened(values: StoredValues, target: Float32Array | Float64Array): void {
  if (values.type === 'f64' || values.type === 'f32') {
    target.set(values.data);
    return;
  }
  const { data } = values;
  const decoded = values.type === 'f16' ? halfValue : brainValue;
  if (data.length < patterns) {
    for (let at = 0; at < data.length; at++) target[at] = decoded(data[at] ?? 0);
    return;
  }
  // Looking a value up takes a tenth of the time that working it out does.
  const table = Float32Array.from({ length: patterns }, (_, bits) => decoded(bits));
  for (let at = 0; at < data.length; at++) target[at] = table[data[at] ?? 0] ?? 0;
}

/** How many numbers sixteen bits can be. */
const patterns = 2 ** 16;

/** Parts one after the other: of the same type where all agree, else widened. */
export function joined(parts: readonly StoredValues[]): StoredValues {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  const length = parts.reduce((sum, { data }) => sum + data.length, 0);
  if (first === undefined || parts.some(({ type }) => type !== first.type)) {
    return { type: 'f64', data: concatenated(parts.map(widened), new Float64Array(length)) };
  }
  const data = parts.map((part) => part.data);
  switch (first.type) {
    case 'f64':
      return { type: 'f64', data: concatenated(data, new Float64Array(length)) };
    case 'f32':
      return { type: 'f32', data: concatenated(data, new Float32Array(length)) };
    default:
      return { type: first.type, data: concatenated(data, new Uint16Array(length)) };
  }
}

function concatenated<A extends { set(from: ArrayLike<number>, at: number): void }>(
  parts: readonly ArrayLike<number>[],
  target: A,
): A {
  let at = 0;
  for (const part of parts) {
    target.set(part, at);
    at += part.length;
  }
  return target;
}

function viewed(
  range: ElementRange,
  view: TensorView,
  bytes: Uint8Array,
  first: number,
  count: number,
): StoredValues {
  const { type } = range;
  const arranged = <A extends Float64Array | Float32Array | Uint16Array>(
    source: A,
    make: () => A,
  ): A => {
    if (isContiguous(view)) return source;
    const target = make();
    gather(view, source, first, target);
    return target;
  };
  const native = range.endian === 'little' && endianness() === 'LE';
  if (native && type === float32) {
    return {
      type: 'f32',
      data: arranged(new Float32Array(bytes.buffer), () => new Float32Array(count)),
    };
  }
  if (native && type === float64) {
    return {
      type: 'f64',
      data: arranged(new Float64Array(bytes.buffer), () => new Float64Array(count)),
    };
  }
  if (native && (type === float16 || type === bfloat16)) {
    const data = arranged(new Uint16Array(bytes.buffer), () => new Uint16Array(count));
    return { type: type === float16 ? 'f16' : 'bf16', data };
  }
  const source = decoded(range, bytes);
  const data = arranged(source, () => new Float64Array(count));
  return type.bytes < 4 || type === float32
    ? { type: 'f32', data: Float32Array.from(data) }
    : { type: 'f64', data };
}

function decoded({ type, endian }: ElementRange, bytes: Uint8Array): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length / type.bytes;
  return Float64Array.from({ length }, (_, i) =>
    type.read(view, i * type.bytes, endian === 'little'),
  );
}
