/** The header of an `.npy` file (NumPy's format versions 1, 2 and 3): a Python dictionary, read without evaluating it. */
import { t } from '@vscode/l10n';
import {
  bool,
  type ElementType,
  type Endian,
  float16,
  float32,
  float64,
  int8,
  int16,
  int32,
  int64,
  uint8,
  uint16,
  uint32,
  uint64,
} from './elements.ts';
import { fileLength, readBytes } from './file-blocks.ts';
import { type FormatError, type FormatErrorCode, quoted, readError } from './format-error.ts';
import { fail, type Result, succeed } from './result.ts';

const npyTypes: Readonly<Record<string, ElementType>> = {
  b1: bool,
  f2: float16,
  f4: float32,
  f8: float64,
  i1: int8,
  i2: int16,
  i4: int32,
  i8: int64,
  u1: uint8,
  u2: uint16,
  u4: uint32,
  u8: uint64,
};

/** `row-major` is C order, `column-major` Fortran order. */
export type StorageOrder = 'row-major' | 'column-major';

export interface NpyHeader {
  readonly type: ElementType;
  readonly endian: Endian;
  readonly order: StorageOrder;
  readonly shape: readonly number[];
  /** The position in the file of the first element. */
  readonly dataStart: number;
  /** Bytes from there to the end of the file. */
  readonly dataLength: number;
}

/** What every file begins with, before its two bytes of version. */
export const npyMagic = '\x93NUMPY';

/** Where an array is read from: a file of its own, or a member of an archive. */
export interface NpySource {
  /** How messages call it. */
  readonly path: string;
  readonly size: number;
  readonly read: (start: number, length: number) => Result<Uint8Array, FormatError>;
}

export function readNpyHeader(path: string): Result<NpyHeader, FormatError> {
  const size = fileLength(path);
  if (!size.ok) return size;
  return parseNpyHeader({
    path,
    size: size.value,
    read: (start, length) => readBytes(path, start, length),
  });
}

export function parseNpyHeader(source: NpySource): Result<NpyHeader, FormatError> {
  const { path, size } = source;
  const text = readHeaderText(source);
  if (!text.ok) return text;
  const fields = parseDictionary(text.value.dictionary);
  if (!fields) {
    const found = t`its header is no dictionary of descr, fortran_order and shape, but ${quoted(text.value.dictionary.trim())}`;
    return fail(problem(path, 'header', found));
  }
  const element = elementOf(fields.descr);
  if (!element) {
    const known = `bool, ${Object.keys(npyTypes).slice(1).join(', ')}`;
    const found = t`its elements are of type ${quoted(fields.descr)}`;
    return fail(readError('dtype', path, found, t`Convert the array to one of ${known}.`));
  }
  const { dataStart } = text.value;
  return succeed({
    ...element,
    order: fields.columnMajor ? 'column-major' : 'row-major',
    shape: fields.shape,
    dataStart,
    dataLength: size - dataStart,
  });
}

/** Real headers have a hundred bytes; the limit keeps a broken length from asking for much. */
const headerLimit = 1024 * 1024;

const damaged = t`The file is damaged or is no .npy file: save it again with numpy.save.`;

function problem(path: string, code: FormatErrorCode, found: string): FormatError {
  return readError(code, path, found, damaged);
}

function readHeaderText({
  path,
  size,
  read,
}: NpySource): Result<{ readonly dictionary: string; readonly dataStart: number }, FormatError> {
  const start = read(0, Math.min(size, 12));
  if (!start.ok) return start;
  const bytes = Buffer.from(start.value);
  const magic = bytes.toString('latin1', 0, npyMagic.length);
  if (magic !== npyMagic.slice(0, bytes.length)) {
    return fail(problem(path, 'header', t`it does not begin as .npy files do`));
  }
  if (bytes.length < 12) {
    return fail(problem(path, 'truncated', t`it has ${size} bytes, too few for a header`));
  }
  const version = bytes[6] ?? 0;
  if (version < 1 || version > 3) {
    return fail(problem(path, 'header', t`it has format version ${version}, not 1, 2 or 3`));
  }
  const lengthEnd = version === 1 ? 10 : 12;
  const length = version === 1 ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8);
  if (length > headerLimit) {
    const claim = t`its header claims ${length} bytes, the limit is ${headerLimit}`;
    return fail(problem(path, 'header', claim));
  }
  const dataStart = lengthEnd + length;
  if (dataStart > size) {
    const claim = t`its header claims ${length} bytes, but the whole file has ${size}`;
    return fail(problem(path, 'truncated', claim));
  }
  const header = read(lengthEnd, length);
  if (!header.ok) return header;
  const dictionary = Buffer.from(header.value).toString(version === 3 ? 'utf8' : 'latin1');
  return succeed({ dictionary, dataStart });
}

interface Fields {
  readonly descr: string;
  readonly columnMajor: boolean;
  readonly shape: readonly number[];
}

/**
 * `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }` with the keys in any order, each once.
 * A `descr` that is a list (a structured type) is given back as its source text, which is no known element type.
 */
function parseDictionary(source: string): Fields | undefined {
  const body = /^\s*\{(.*)\}\s*$/s.exec(source)?.[1];
  if (body === undefined) return undefined;
  const found = new Map<string, string>();
  const entry =
    /\s*(['"])(descr|fortran_order|shape)\1\s*:\s*('[^']*'|"[^"]*"|True|False|\([^()]*\)|\[.*\])\s*(?:,|$)/sy;
  while (entry.lastIndex < body.trimEnd().length) {
    const [, , key, value] = entry.exec(body) ?? [];
    if (key === undefined || value === undefined || found.has(key)) return undefined;
    found.set(key, value);
  }
  const descr = found.get('descr');
  const order = found.get('fortran_order');
  const shape = parseTuple(found.get('shape') ?? '');
  if (descr === undefined || !/^['"[]/.test(descr) || !shape) return undefined;
  if (order !== 'True' && order !== 'False') return undefined;
  return {
    descr: descr.startsWith('[') ? descr : descr.slice(1, -1),
    columnMajor: order === 'True',
    shape,
  };
}

/** `()`, `(3,)`, `(3, 4)`; files written by Python 2 may have `3L`. */
function parseTuple(source: string): readonly number[] | undefined {
  if (!/^\(\s*(?:\d+L?\s*(?:,\s*|(?=\))))*\)$/.test(source)) return undefined;
  if (/^\(\s*\d+L?\s*\)$/.test(source)) return undefined;
  return (source.match(/\d+/g) ?? []).map(Number);
}

/** `<f8`: byte order (`|` where there is none), kind and bytes. */
function elementOf(
  descr: string,
): { readonly type: ElementType; readonly endian: Endian } | undefined {
  const [, order, name = ''] = /^([<>|])([a-z]\d+)$/.exec(descr) ?? [];
  const type = Object.hasOwn(npyTypes, name) ? npyTypes[name] : undefined;
  if (!type || (order === '|' && type.bytes > 1)) return undefined;
  return { type, endian: order === '>' ? 'big' : 'little' };
}
