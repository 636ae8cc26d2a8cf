import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type FormatError,
  openSafetensors,
  type Result,
  type SafetensorsFile,
  type WritableTensor,
  writeSafetensors,
} from '../../src/formats/index.ts';
import { golden } from './golden.ts';
import { scratchFolder } from './scratch-folder.ts';

const folder = scratchFolder();

/** A file of this header and data; the header is JSON of the value, or the text as it is. */
function safetensorsBytes(header: unknown, data: Uint8Array = new Uint8Array()): Uint8Array {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, data]);
}

function opened(content: Uint8Array): SafetensorsFile {
  return expectValue(openSafetensors(folder.file('model.safetensors', content)));
}

function expectValue<T>(result: Result<T, FormatError>): T {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

function errorOf(content: Uint8Array | string): string {
  const path = folder.file('broken.safetensors', content);
  const file = openSafetensors(path);
  return file.ok ? 'ok' : `${file.error.code}: ${file.error.message.replace(path, 'PATH')}`;
}

/** One tensor of each dtype, three elements each. */
const everyDtype: readonly (readonly [string, readonly number[], number[]])[] = [
  ['F64', [0, 0, 0, 0, 0, 0, 0xf8, 0x3f], [1.5]],
  ['F32', [0, 0, 0x20, 0xc0], [-2.5]],
  ['F16', [0x00, 0x3c, 0x01, 0x00, 0x00, 0xfc], [1, 2 ** -24, Number.NEGATIVE_INFINITY]],
  ['BF16', [0x80, 0x3f, 0x40, 0xc0, 0xc0, 0x7f, 0x01, 0x00], [1, -3, Number.NaN, 2 ** -133]],
  ['I64', [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [-2]],
  ['I32', [0, 0, 0, 0x80], [-(2 ** 31)]],
  ['I16', [0xff, 0xff], [-1]],
  ['I8', [0x80, 0x7f], [-128, 127]],
  ['U8', [0xff], [255]],
  ['BOOL', [1, 0], [1, 0]],
];

describe('openSafetensors', () => {
  test('reads what the upstream library saved', () => {
    const file = opened(Buffer.from(golden.saved, 'base64'));
    expect(file.metadata).toEqual(new Map([['format', 'say "é"']]));
    expect([...file.tensors]).toEqual([
      ['a', { dtype: 'F64', shape: [2], offsets: [0, 16] }],
      ['b', { dtype: 'F32', shape: [2, 3], offsets: [16, 40] }],
      ['s', { dtype: 'F32', shape: [], offsets: [40, 44] }],
      ['é', { dtype: 'F32', shape: [0, 4], offsets: [44, 44] }],
      ['10', { dtype: 'I32', shape: [2], offsets: [44, 52] }],
      ['2', { dtype: 'I32', shape: [], offsets: [52, 56] }],
    ]);
    expect(expectValue(file.read('a'))).toEqual(Float64Array.of(1.5, -2));
    expect(expectValue(file.read('b'))).toEqual(Float32Array.of(0, 1, 2, 3, 4, 5));
    expect(expectValue(file.read('é'))).toEqual(new Float32Array());
    expect(expectValue(file.read('10'))).toEqual(Int32Array.of(3, -4));
  });

  test.each(everyDtype)('%s', (dtype, bytes, values) => {
    const width = bytes.length / values.length;
    const tensor = { dtype, shape: [values.length], data_offsets: [0, bytes.length] };
    const file = opened(safetensorsBytes({ t: tensor }, Uint8Array.from(bytes)));
    const floats = /F/.test(dtype);
    expect(width % 1).toBe(0);
    expect(expectValue(file.readFloat64('t'))).toEqual(Float64Array.from(values));
    expect(expectValue(file.readFloat32('t'))).toEqual(Float32Array.from(values));
    const natural = dtype === 'F64' ? Float64Array : floats ? Float32Array : Int32Array;
    expect(expectValue(file.read('t'))).toEqual(natural.from(values));
    expect(file.readInt32('t')).toMatchObject(
      floats ? { error: { code: 'dtype' } } : { value: Int32Array.from(values) },
    );
  });

  test('an I64 beyond int32 is an error, and exact as float64', () => {
    const tensor = { dtype: 'I64', shape: [2], data_offsets: [0, 16] };
    const data = new BigInt64Array([-7n, -(2n ** 40n) - 1n]);
    const file = opened(safetensorsBytes({ ids: tensor }, new Uint8Array(data.buffer)));
    expect(expectValue(file.readFloat64('ids'))).toEqual(Float64Array.of(-7, -(2 ** 40) - 1));
    expect(file.readInt32('ids')).toEqual({
      ok: false,
      error: {
        code: 'range',
        message: `Cannot read "${file.path}": tensor "ids" has the value -1099511627777 at position 1, which a 32-bit integer cannot hold. Read it as floating point, or save it with smaller numbers.`,
      },
    });
  });

  test('a tensor of many blocks', () => {
    const data = Float32Array.from({ length: 3_000_001 }, (_, i) => i);
    const path = folder.path('large.safetensors');
    writeSafetensors(path, new Map([['x', { shape: [3_000_001], data }]]));
    const read = expectValue(expectValue(openSafetensors(path)).readFloat32('x'));
    expect(Buffer.from(read.buffer).equals(Buffer.from(data.buffer))).toBe(true);
  });

  test('a name that is not there', () => {
    const file = opened(Buffer.from(golden.saved, 'base64'));
    expect(file.readFloat32('wte')).toEqual({
      ok: false,
      error: {
        code: 'name',
        message: `Cannot read "${file.path}": it has no tensor "wte". Use one of its 6 names, such as "a", "b", "s".`,
      },
    });
  });

  test('names that JavaScript objects have of their own are names as others', () => {
    const text = '{"__proto__":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}';
    const file = opened(safetensorsBytes(text, Uint8Array.of(5)));
    expect(expectValue(file.read('__proto__'))).toEqual(Int32Array.of(5));
    expect(file.read('constructor')).toMatchObject({ error: { code: 'name' } });
  });

  test('a file that is cut while it is open', () => {
    const file = opened(Buffer.from(golden.saved, 'base64'));
    folder.file('model.safetensors', Buffer.from(golden.saved, 'base64').subarray(0, -20));
    expect(file.read('10')).toMatchObject({ error: { code: 'truncated' } });
  });
});

describe('what is wrong with a file is told', () => {
  const again = 'The file is damaged or is no safetensors file: download or save it again.';
  const f32 = (shape: readonly number[], start: number, end: number) => ({
    dtype: 'F32',
    shape,
    data_offsets: [start, end],
  });

  test.each([
    ['no bytes', '', 'truncated: Cannot read "PATH": it has 0 bytes, too few for a header'],
    [
      'a header longer than the file',
      safetensorsBytes('{}').with(0, 99),
      'truncated: Cannot read "PATH": its header claims 99 bytes, but the whole file has 10',
    ],
    [
      'a header beyond the limit',
      Buffer.from('\xff\xff\xff\xff\xff\xff\xff\xff{}', 'latin1'),
      'header: Cannot read "PATH": its header claims 18446744073709552000 bytes, the limit is 100000000',
    ],
    [
      'no UTF-8',
      safetensorsBytes('{"ab"}').with(10, 0xff),
      'header: Cannot read "PATH": its header is not UTF-8 text',
    ],
    [
      'an array',
      safetensorsBytes('[]'),
      'header: Cannot read "PATH": its header is no JSON object but "[]"',
    ],
    [
      'space before the object',
      safetensorsBytes(' {}'),
      'header: Cannot read "PATH": its header is no JSON object but " {}"',
    ],
    [
      'an entry without offsets',
      safetensorsBytes({ w: { dtype: 'F32', shape: [] } }),
      'header: Cannot read "PATH": the entry of tensor "w" needs a dtype, a shape and data_offsets',
    ],
    [
      'a negative axis',
      safetensorsBytes({ w: f32([-1, -1], 0, 4) }, new Uint8Array(4)),
      'header: Cannot read "PATH": the entry of tensor "w" needs a dtype, a shape and data_offsets',
    ],
    [
      'metadata that is no text',
      safetensorsBytes({ __metadata__: { step: 3 } }),
      'header: Cannot read "PATH": its metadata "step" is no text',
    ],
    [
      'a size that is not that of the shape',
      safetensorsBytes({ w: f32([2, 2], 0, 12) }, new Uint8Array(12)),
      'layout: Cannot read "PATH": tensor "w", F32 [2, 2], takes 12 bytes, which is not its size',
    ],
    [
      '2^60 elements',
      safetensorsBytes({ w: f32([2 ** 30, 2 ** 30], 0, 4) }, new Uint8Array(4)),
      'layout: Cannot read "PATH": tensor "w", F32 [1073741824, 1073741824], takes 4 bytes, which is not its size',
    ],
    [
      'the end before the start',
      safetensorsBytes({ w: f32([0], 4, 0) }, new Uint8Array(4)),
      'layout: Cannot read "PATH": the data_offsets of tensor "w" are no start and end',
    ],
    [
      'overlap',
      safetensorsBytes({ a: f32([2], 0, 8), b: f32([2], 4, 12) }, new Uint8Array(12)),
      'layout: Cannot read "PATH": tensor "b" begins at byte 4 of the data, where byte 8 is due',
    ],
    [
      'a hole',
      safetensorsBytes({ a: f32([1], 0, 4), b: f32([1], 8, 12) }, new Uint8Array(12)),
      'layout: Cannot read "PATH": tensor "b" begins at byte 8 of the data, where byte 4 is due',
    ],
    [
      'bytes left over',
      safetensorsBytes({ a: f32([1], 0, 4) }, new Uint8Array(6)),
      'layout: Cannot read "PATH": 2 bytes of its data belong to no tensor',
    ],
    [
      'data missing',
      safetensorsBytes({ a: f32([2 ** 40], 0, 2 ** 42) }, new Uint8Array(6)),
      'truncated: Cannot read "PATH": its tensors need 4398046511104 bytes of data and it has 6',
    ],
  ])('%s', (_, content, expected) => {
    expect(errorOf(content)).toBe(`${expected}. ${again}`);
  });

  test('a dtype that is not read', () => {
    const entry = { dtype: 'F8_E4M3', shape: [1], data_offsets: [0, 1] };
    expect(errorOf(safetensorsBytes({ w: entry }, new Uint8Array(1)))).toBe(
      'dtype: Cannot read "PATH": tensor "w" has the dtype "F8_E4M3". Convert the tensor to one of F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL.',
    );
  });

  test('a file that is not there, and a folder', () => {
    expect(openSafetensors(folder.path('none'))).toMatchObject({ error: { code: 'missing' } });
    expect(openSafetensors(folder.path('.'))).toMatchObject({ error: { code: 'unreadable' } });
  });
});

describe('writeSafetensors', () => {
  test('writes the bytes of the upstream library', () => {
    const path = folder.path('written.safetensors');
    const tensors = new Map<string, WritableTensor>([
      ['s', { shape: [], data: Float32Array.of(7) }],
      ['2', { shape: [], data: Int32Array.of(7) }],
      ['é', { shape: [0, 4], data: new Float32Array() }],
      ['10', { shape: [2], data: Int32Array.of(3, -4) }],
      ['b', { shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 5) }],
      ['a', { shape: [2], data: Float64Array.of(1.5, -2) }],
    ]);
    expect(writeSafetensors(path, tensors, new Map([['format', 'say "é"']]))).toEqual({ ok: true });
    expect(readFileSync(path).toString('base64')).toBe(golden.saved);
  });

  test('any tensors and metadata come back', () => {
    const path = folder.path('round.safetensors');
    const data = fc.oneof(
      fc.float64Array({ maxLength: 6 }),
      fc.float32Array({ maxLength: 6 }),
      fc.int32Array({ maxLength: 6 }),
    );
    const text = fc.string({ unit: 'grapheme' });
    const name = text.filter((candidate) => candidate !== '__metadata__');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(name, data)),
        fc.array(fc.tuple(text, text)),
        (arrays, metadata) => {
          const tensors = new Map(
            arrays.map(([key, values]) => [key, { shape: [values.length, 1], data: values }]),
          );
          expectValue(writeSafetensors(path, tensors, new Map(metadata)));
          const file = expectValue(openSafetensors(path));
          expect(file.metadata).toEqual(new Map(metadata));
          expect(new Set(file.tensors.keys())).toEqual(new Set(tensors.keys()));
          for (const [key, tensor] of tensors) {
            expect(file.tensors.get(key)?.shape).toEqual(tensor.shape);
            expect(expectValue(file.read(key))).toEqual(tensor.data);
          }
        },
      ),
    );
  });

  test('the reserved name, a shape that is not that of the data, and a folder that is not there', () => {
    const write = (path: string, name: string, shape: readonly number[]) =>
      writeSafetensors(
        folder.path(path),
        new Map([[name, { shape, data: Float32Array.of(1, 2) }]]),
      );
    expect(write('x', '__metadata__', [2])).toMatchObject({ error: { code: 'name' } });
    expect(write('x', 'w', [3])).toMatchObject({ error: { code: 'layout' } });
    expect(write('none/x', 'w', [2])).toMatchObject({ error: { code: 'unwritable' } });
  });
});

describe('no content makes the reader throw', () => {
  /** Opens, and reads all that can be opened. */
  function readAll(content: Uint8Array): string {
    const file = openSafetensors(folder.file('fuzz.safetensors', content));
    if (!file.ok) return file.error.code;
    for (const name of file.value.tensors.keys())
      expect(file.value.readFloat64(name).ok).toBe(true);
    return 'ok';
  }

  const valid = Buffer.from(golden.saved, 'base64');

  test('random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, sized) => {
        readAll(sized ? safetensorsBytes(Buffer.from(bytes).toString('latin1')) : bytes);
      }),
      { numRuns: 500 },
    );
  });

  test('cut files', () => {
    for (let length = 0; length < valid.length; length++) {
      expect(readAll(valid.subarray(0, length))).toBe('truncated');
    }
  });

  test('files with a few bytes changed', () => {
    const edit = fc.tuple(fc.nat({ max: valid.length - 1 }), fc.nat({ max: 255 }));
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        const changed = Buffer.from(valid);
        for (const [at, byte] of edits) changed[at] = byte;
        readAll(changed);
      }),
      { numRuns: 1000 },
    );
  });

  test('headers of any JSON, and of entries that are nearly right', () => {
    const number = fc.oneof(fc.nat({ max: 9 }), fc.integer(), fc.double(), fc.maxSafeNat());
    const entry = fc.record(
      {
        dtype: fc.oneof(fc.constantFrom('F32', 'I64', 'BOOL', 'F8_E4M3', 'toString'), fc.json()),
        shape: fc.oneof(fc.array(number), fc.jsonValue()),
        data_offsets: fc.oneof(fc.array(number, { maxLength: 3 }), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    const header = fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), entry));
    fc.assert(
      fc.property(header, fc.uint8Array({ maxLength: 40 }), (json, data) => {
        readAll(safetensorsBytes(json, data));
      }),
      { numRuns: 500 },
    );
  });

  test('a header of a million brackets', () => {
    expect(readAll(safetensorsBytes(`{"a":${'['.repeat(1_000_000)}`))).toBe('header');
  });
});
