/**
 * Safetensors files (https://huggingface.co/docs/safetensors): an 8-byte length, a JSON header that says where each
 * tensor lies, then the tensors, little-endian. Opening reads the header; a tensor is read when it is asked for.
 */
import { t } from '@vscode/l10n';
import {
  countElements,
  type ElementRange,
  littleEndianBytes,
  type NumberArray,
  readAsFloat32,
  readAsFloat64,
  readAsInt32,
} from './elements.ts';
import { writeParts } from './file-blocks.ts';
import { type FormatError, quoted, readError, writeError } from './format-error.ts';
import { fail, type Result, succeed } from './result.ts';
import {
  headerLimit,
  lengthBytes,
  metadataKey,
  readSafetensorsHeader,
  type SafetensorsDtype,
  type SafetensorsHeader,
  type SafetensorsTensor,
  safetensorsTypes,
} from './safetensors-header.ts';
import { readView, type StoredValues } from './stored-values.ts';
import type { TensorView } from './tensor-view.ts';

/** An open file. It holds no handle: each read opens the file and closes it. */
export interface SafetensorsFile {
  readonly path: string;
  /** By name, in the order of their data. */
  readonly tensors: ReadonlyMap<string, SafetensorsTensor>;
  readonly metadata: ReadonlyMap<string, string>;
  /** F64 as float64, other floats as float32, whole numbers and bools (0, 1) as int32. Errors as for `readInt32`. */
  readonly read: (name: string) => Result<NumberArray, FormatError>;
  /** Any dtype, rounded to the nearest float32. Errors: `name`, `range` (no memory for it), those of the file system. */
  readonly readFloat32: (name: string) => Result<Float32Array, FormatError>;
  /** Any dtype, exact but for I64 beyond 2^53. Errors as for `readFloat32`. */
  readonly readFloat64: (name: string) => Result<Float64Array, FormatError>;
  /** Errors as for `readFloat32`, `dtype` for floats, `range` where an I64 value is no int32. */
  readonly readInt32: (name: string) => Result<Int32Array, FormatError>;
  /** A part of a tensor as the file stores it, by reading its range only. Errors as for `readFloat32`. */
  readonly readView: (name: string, view: TensorView) => Result<StoredValues, FormatError>;
}

/** A tensor to be written, row-major; the array's class is the dtype: F64, F32 or I32. */
export interface WritableTensor {
  readonly shape: readonly number[];
  readonly data: NumberArray;
}

/**
 * Opens a file: reads and checks its header and none of its data.
 * Errors: `missing`, `unreadable`, `truncated`, `header`, `dtype`, and `layout`, as strict as upstream: no overlap, no
 * hole, no bytes left over, every size equal to dtype × shape.
 */
export function openSafetensors(path: string): Result<SafetensorsFile, FormatError> {
  const header = readSafetensorsHeader(path);
  return header.ok ? succeed(openFile(path, header.value)) : header;
}

/**
 * Writes what the upstream library would, byte for byte: tensors sorted by dtype (F64, F32, I32) and then by the UTF-8
 * bytes of the name, the header padded with spaces to a multiple of 8 bytes.
 * Errors: `name` for the reserved `__metadata__`, `layout` where a shape and its data differ in size, `range` where the
 * header passes the format's limit, `unwritable`.
 */
export function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, WritableTensor>,
  metadata: ReadonlyMap<string, string> = new Map(),
): Result<undefined, FormatError> {
  const fields: string[] = [];
  const data: Uint8Array[] = [];
  if (metadata.size > 0) fields.push(field(metadataKey, Object.fromEntries(metadata)));
  let end = 0;
  for (const [name, tensor] of [...tensors].sort(upstreamOrder)) {
    const refused = refuse(path, name, tensor);
    if (refused) return fail(refused);
    const start = end;
    end += tensor.data.byteLength;
    const { dtype } = writtenAs(tensor.data);
    fields.push(field(name, { dtype, shape: tensor.shape, data_offsets: [start, end] }));
    data.push(littleEndianBytes(tensor.data));
  }
  const header = paddedHeader(`{${fields.join(',')}}`);
  const length = header.length - lengthBytes;
  if (length <= headerLimit) return writeParts(path, [header, ...data]);
  const found = t`its header would take ${length} bytes of the ${headerLimit} that the format allows`;
  return fail(writeError('range', path, found, t`Keep fewer tensors.`));
}

function openFile(path: string, header: SafetensorsHeader): SafetensorsFile {
  const { tensors, metadata, dataStart } = header;

  function reading<A>(read: (range: ElementRange) => Result<A, FormatError>) {
    return (name: string): Result<A, FormatError> => {
      const tensor = tensors.get(name);
      return tensor
        ? read(rangeOf(path, name, tensor, dataStart))
        : fail(unknownName(path, name, tensors));
    };
  }

  return {
    path,
    tensors,
    metadata,
    read: reading<NumberArray>(readNaturally),
    readFloat32: reading(readAsFloat32),
    readFloat64: reading(readAsFloat64),
    readInt32: reading((range) =>
      range.type.kind === 'float' ? fail(notWhole(range)) : readAsInt32(range),
    ),
    readView: (name, view) => reading((range) => readView(range, view))(name),
  };
}

function rangeOf(
  path: string,
  name: string,
  { dtype, offsets }: SafetensorsTensor,
  dataStart: number,
): ElementRange {
  const type = safetensorsTypes[dtype];
  return {
    path,
    subject: t`tensor ${quoted(name)}`,
    type,
    endian: 'little',
    start: dataStart + offsets[0],
    count: (offsets[1] - offsets[0]) / type.bytes,
  };
}

function readNaturally(range: ElementRange): Result<NumberArray, FormatError> {
  if (range.type.kind !== 'float') return readAsInt32(range);
  return range.type === safetensorsTypes.F64 ? readAsFloat64(range) : readAsFloat32(range);
}

function unknownName(
  path: string,
  name: string,
  tensors: ReadonlyMap<string, SafetensorsTensor>,
): FormatError {
  const some = [...tensors.keys()].slice(0, 3).map(quoted).join(', ');
  const wayOut =
    tensors.size > 0
      ? t`Use one of its ${tensors.size} names, such as ${some}.`
      : t`The file holds no tensors.`;
  return readError('name', path, t`it has no tensor ${quoted(name)}`, wayOut);
}

function notWhole({ path, subject }: ElementRange): FormatError {
  return readError(
    'dtype',
    path,
    t`${subject} holds floating-point numbers where whole numbers are needed`,
    t`Use a tensor of an integer dtype.`,
  );
}

function refuse(
  path: string,
  name: string,
  { shape, data }: WritableTensor,
): FormatError | undefined {
  if (name === metadataKey) {
    const found = t`${quoted(name)} is not allowed as the name of a tensor`;
    return writeError('name', path, found, t`Rename the tensor.`);
  }
  if (countElements(shape) === data.length) return undefined;
  const found = t`tensor ${quoted(name)} of shape [${shape.join(', ')}] has ${data.length} values`;
  return writeError('layout', path, found, t`Give one value for each element of the shape.`);
}

/** `rank` is the place of the dtype in a file: wider alignment first, so that every tensor is aligned. */
function writtenAs(data: NumberArray): { readonly dtype: SafetensorsDtype; readonly rank: number } {
  if (data instanceof Float64Array) return { dtype: 'F64', rank: 0 };
  return data instanceof Float32Array ? { dtype: 'F32', rank: 1 } : { dtype: 'I32', rank: 2 };
}

function upstreamOrder(
  [aName, a]: readonly [string, WritableTensor],
  [bName, b]: readonly [string, WritableTensor],
): number {
  return (
    writtenAs(a.data).rank - writtenAs(b.data).rank ||
    Buffer.compare(Buffer.from(aName), Buffer.from(bName))
  );
}

/** One property of a JSON object. Written one by one: an object of all would move names that look like numbers. */
function field(name: string, value: unknown): string {
  return `${JSON.stringify(name)}:${JSON.stringify(value)}`;
}

/** The length and the header, padded so that the data starts at a multiple of 8 bytes. */
function paddedHeader(json: string): Uint8Array {
  const text = Buffer.from(json);
  const length = Math.ceil(text.length / 8) * 8;
  const bytes = Buffer.alloc(lengthBytes + length, ' ');
  bytes.writeBigUInt64LE(BigInt(length));
  bytes.set(text, lengthBytes);
  return bytes;
}
