/** The header of a safetensors file: read and checked against the format's rules and the length of the file. */
import { t } from '@vscode/l10n';
import {
  bfloat16,
  bool,
  countElements,
  type ElementType,
  float16,
  float32,
  float64,
  int8,
  int16,
  int32,
  int64,
  uint8,
} from './elements.ts';
import { fileLength, readBytes } from './file-blocks.ts';
import { type FormatError, type FormatErrorCode, quoted, readError } from './format-error.ts';
import { fail, type Result, succeed } from './result.ts';

export const safetensorsTypes = {
  F64: float64,
  F32: float32,
  F16: float16,
  BF16: bfloat16,
  I64: int64,
  I32: int32,
  I16: int16,
  I8: int8,
  U8: uint8,
  BOOL: bool,
} as const satisfies Record<string, ElementType>;

/** The element types that are read, in the format's own spelling. */
export type SafetensorsDtype = keyof typeof safetensorsTypes;

export interface SafetensorsTensor {
  readonly dtype: SafetensorsDtype;
  /** Lengths of the axes; row-major. No axis is a scalar. */
  readonly shape: readonly number[];
  /** First byte, and byte after the last, counted from the end of the header. */
  readonly offsets: readonly [start: number, end: number];
}

export interface SafetensorsHeader {
  /** By name, in the order of their data. */
  readonly tensors: ReadonlyMap<string, SafetensorsTensor>;
  readonly metadata: ReadonlyMap<string, string>;
  /** The position in the file that offsets count from. */
  readonly dataStart: number;
}

/** The upstream library's limit, in bytes, so that a broken length cannot ask for all memory. */
export const headerLimit = 100_000_000;

/** The header's key that is no tensor. */
export const metadataKey = '__metadata__';

/** Bytes of the header's length, a little-endian 64-bit integer. */
export const lengthBytes = 8;

export function readSafetensorsHeader(path: string): Result<SafetensorsHeader, FormatError> {
  const size = fileLength(path);
  if (!size.ok) return size;
  const text = readHeaderText(path, size.value);
  if (!text.ok) return text;
  const entries = parseObject(path, text.value.json);
  if (!entries.ok) return entries;
  const { dataStart } = text.value;
  const metadata = new Map<string, string>();
  const tensors: [string, SafetensorsTensor][] = [];
  for (const [name, value] of entries.value) {
    const error =
      name === metadataKey
        ? collectMetadata(path, value, metadata)
        : collectTensor(path, name, value, tensors);
    if (error) return fail(error);
  }
  tensors.sort(([, a], [, b]) => a.offsets[0] - b.offsets[0] || a.offsets[1] - b.offsets[1]);
  const error = checkCover(path, tensors, size.value - dataStart);
  return error ? fail(error) : succeed({ tensors: new Map(tensors), metadata, dataStart });
}

const damaged = t`The file is damaged or is no safetensors file: download or save it again.`;

function problem(path: string, code: FormatErrorCode, found: string): FormatError {
  return readError(code, path, found, damaged);
}

function readHeaderText(
  path: string,
  size: number,
): Result<{ readonly json: string; readonly dataStart: number }, FormatError> {
  if (size < lengthBytes) {
    return fail(problem(path, 'truncated', t`it has ${size} bytes, too few for a header`));
  }
  const start = readBytes(path, 0, lengthBytes);
  if (!start.ok) return start;
  const length = Number(new DataView(start.value.buffer).getBigUint64(0, true));
  if (length > headerLimit) {
    return fail(
      problem(path, 'header', t`its header claims ${length} bytes, the limit is ${headerLimit}`),
    );
  }
  const dataStart = lengthBytes + length;
  if (dataStart > size) {
    const claim = t`its header claims ${length} bytes, but the whole file has ${size}`;
    return fail(problem(path, 'truncated', claim));
  }
  const bytes = readBytes(path, lengthBytes, length);
  if (!bytes.ok) return bytes;
  try {
    const json = new TextDecoder('utf-8', { fatal: true }).decode(bytes.value);
    return succeed({ json, dataStart });
  } catch {
    return fail(problem(path, 'header', t`its header is not UTF-8 text`));
  }
}

function parseObject(
  path: string,
  json: string,
): Result<readonly (readonly [string, unknown])[], FormatError> {
  try {
    const value: unknown = JSON.parse(json);
    if (json.startsWith('{') && isRecord(value)) return succeed(Object.entries(value));
    return fail(problem(path, 'header', t`its header is no JSON object but ${quoted(json)}`));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return fail(problem(path, 'header', t`its header is no valid JSON (${quoted(reason)})`));
  }
}

function collectMetadata(
  path: string,
  value: unknown,
  metadata: Map<string, string>,
): FormatError | undefined {
  if (!isRecord(value)) {
    return problem(path, 'header', t`its ${metadataKey} is no object of texts`);
  }
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string') {
      return problem(path, 'header', t`its metadata ${quoted(key)} is no text`);
    }
    metadata.set(key, text);
  }
  return undefined;
}

function collectTensor(
  path: string,
  name: string,
  value: unknown,
  tensors: [string, SafetensorsTensor][],
): FormatError | undefined {
  const { dtype, shape, data_offsets: offsets } = isRecord(value) ? value : {};
  if (typeof dtype !== 'string' || !isSizes(shape) || !isSizes(offsets)) {
    const found = t`the entry of tensor ${quoted(name)} needs a dtype, a shape and data_offsets`;
    return problem(path, 'header', found);
  }
  if (!isDtype(dtype)) {
    const known = Object.keys(safetensorsTypes).join(', ');
    const found = t`tensor ${quoted(name)} has the dtype ${quoted(dtype)}`;
    return readError('dtype', path, found, t`Convert the tensor to one of ${known}.`);
  }
  const [start, end, ...more] = offsets;
  if (start === undefined || end === undefined || more.length > 0 || end < start) {
    const found = t`the data_offsets of tensor ${quoted(name)} are no start and end`;
    return problem(path, 'layout', found);
  }
  const count = countElements(shape);
  if (count === undefined || count * safetensorsTypes[dtype].bytes !== end - start) {
    const found = t`tensor ${quoted(name)}, ${dtype} ${shapeText(shape)}, takes ${end - start} bytes`;
    return problem(path, 'layout', t`${found}, which is not its size`);
  }
  tensors.push([name, { dtype, shape, offsets: [start, end] }]);
  return undefined;
}

/** The tensors, in the order of their data, cover all of it: no overlap, no hole, nothing left over. */
function checkCover(
  path: string,
  tensors: readonly (readonly [string, SafetensorsTensor])[],
  size: number,
): FormatError | undefined {
  let covered = 0;
  for (const [name, { offsets }] of tensors) {
    if (offsets[0] !== covered) {
      const found = t`tensor ${quoted(name)} begins at byte ${offsets[0]} of the data`;
      return problem(path, 'layout', t`${found}, where byte ${covered} is due`);
    }
    covered = offsets[1];
  }
  if (covered === size) return undefined;
  return covered > size
    ? problem(path, 'truncated', t`its tensors need ${covered} bytes of data and it has ${size}`)
    : problem(path, 'layout', t`${size - covered} bytes of its data belong to no tensor`);
}

function shapeText(shape: readonly number[]): string {
  const shown = shape.length > 8 ? [...shape.slice(0, 8), '...'] : shape;
  return `[${shown.join(', ')}]`;
}

/** The property names are those that a header's entry may have. */
function isRecord(
  value: unknown,
): value is { dtype?: unknown; shape?: unknown; data_offsets?: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function isDtype(dtype: string): dtype is SafetensorsDtype {
  return Object.hasOwn(safetensorsTypes, dtype);
}
