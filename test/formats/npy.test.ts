import { readFileSync, truncateSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readNpy, writeNpy } from '../../src/formats/index.ts';
import { golden, goldenValues } from './golden.ts';
import { scratchFolder } from './scratch-folder.ts';

const folder = scratchFolder();

/** A version 2 file with this header, as it is, before the data. */
function npyBytes(header: string, data: Uint8Array = new Uint8Array()): Uint8Array {
  const start = Buffer.from(`\x93NUMPY\x02\x00....${header}`, 'latin1');
  start.writeUInt32LE(header.length, 8);
  return Buffer.concat([start, data]);
}

function codeOf(content: Uint8Array | string): string {
  const read = readNpy(folder.file('broken.npy', content));
  if (read.ok) return 'ok';
  expect(read.error.message).toMatch(/^Cannot read ".*broken\.npy": .+\. [A-Z].+\.$/s);
  return read.error.code;
}

describe('readNpy reads what numpy.save wrote', () => {
  test.each(golden.npy)('$name', (array) => {
    const path = folder.file('golden.npy', Buffer.from(array.base64, 'base64'));
    const data = (array.kind === 'float' ? Float64Array : Int32Array).from(goldenValues(array));
    expect(readNpy(path)).toEqual({
      ok: true,
      value: { kind: array.kind, shape: array.shape, data },
    });
  });

  test('as numpy.load does, whatever follows the array', () => {
    const file = Buffer.from(
      golden.npy.find(({ name }) => name === 'bools')?.base64 ?? '',
      'base64',
    );
    expect(codeOf(Buffer.concat([file, Buffer.from('more')]))).toBe('ok');
  });

  test.each([
    "{'shape': (2,), 'fortran_order': False, 'descr': '|u1'}",
    '{"descr":"|u1","fortran_order":False,"shape":(2,),}\n',
    "{'descr': '|u1', 'fortran_order': False, 'shape': (2L,), }   ",
  ])('headers that other programs write: %s', (header) => {
    const path = folder.file('other.npy', npyBytes(header, Uint8Array.of(7, 8)));
    const value = { kind: 'int', shape: [2], data: Int32Array.of(7, 8) };
    expect(readNpy(path)).toEqual({ ok: true, value });
  });
});

describe('writeNpy writes the bytes of numpy.save', () => {
  test.each([
    ['<f8', Float64Array],
    ['<f4', Float32Array],
    ['<i4', Int32Array],
  ] as const)('%s', (name, numbers) => {
    const array = golden.npy.find((candidate) => candidate.name === name);
    const data = numbers.from(array ? goldenValues(array) : []);
    const path = folder.path('written.npy');
    expect(writeNpy(path, { shape: array?.shape ?? [], data })).toEqual({ ok: true });
    expect(readFileSync(path).toString('base64')).toBe(array?.base64);
  });

  test('any array comes back', () => {
    const path = folder.path('round.npy');
    const array = fc
      .array(fc.nat({ max: 4 }), { maxLength: 5 })
      .chain((shape) =>
        fc
          .array(fc.double(), { minLength: size(shape), maxLength: size(shape) })
          .map((values) => ({ shape, data: Float64Array.from(values) })),
      );
    fc.assert(
      fc.property(array, (written) => {
        expect(writeNpy(path, written).ok).toBe(true);
        expect(readNpy(path)).toEqual({ ok: true, value: { kind: 'float', ...written } });
      }),
    );
  });

  test('a part of a larger array is written alone', () => {
    const path = folder.path('part.npy');
    const data = Float64Array.of(1, 2, 3, 4).subarray(1, 3);
    expect(writeNpy(path, { shape: [2], data }).ok).toBe(true);
    expect(readNpy(path)).toMatchObject({ value: { data: Float64Array.of(2, 3) } });
  });

  test('a shape that is not that of the data, and a folder that is not there, are errors', () => {
    const data = Float64Array.of(1, 2, 3);
    expect(writeNpy(folder.path('x.npy'), { shape: [2, 2], data })).toMatchObject({
      error: { code: 'layout' },
    });
    expect(writeNpy(folder.path('none/x.npy'), { shape: [3], data })).toMatchObject({
      error: { code: 'unwritable' },
    });
  });
});

describe('what is wrong with a file is told', () => {
  test.each([
    ['no bytes', '', 'truncated'],
    ['half a beginning', Buffer.from('\x93NUM', 'latin1'), 'truncated'],
    ['another format', 'PK\x03\x04 and so on, a zip', 'header'],
    ['a version to come', Buffer.from('\x93NUMPY\x04\x00\x00\x00\x00\x00', 'latin1'), 'header'],
    ['a header longer than the file', npyBytes('{').with(8, 200), 'truncated'],
    ['a header of 4 GB', Buffer.from('\x93NUMPY\x02\x00\xff\xff\xff\xff', 'latin1'), 'header'],
    ['code in the header', npyBytes("__import__('os').system('true')"), 'header'],
    ['a key missing', npyBytes("{'descr': '<f8', 'shape': ()}"), 'header'],
    ['a key twice', npyBytes("{'descr': '<f8', 'descr': '<f8', 'shape': ()}"), 'header'],
    ['no tuple', npyBytes("{'descr': '<f8', 'fortran_order': False, 'shape': (3)}"), 'header'],
    ['objects', npyBytes("{'descr': '|O', 'fortran_order': False, 'shape': ()}"), 'dtype'],
    ['complex', npyBytes("{'descr': '<c16', 'fortran_order': False, 'shape': ()}"), 'dtype'],
    [
      'a structure',
      npyBytes("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': ()}"),
      'dtype',
    ],
    [
      'data missing',
      npyBytes("{'descr': '<f8', 'fortran_order': False, 'shape': (3,)}"),
      'truncated',
    ],
    [
      '2^60 elements',
      npyBytes("{'descr': '|b1', 'fortran_order': False, 'shape': (1073741824, 1073741824)}"),
      'layout',
    ],
    [
      '2^50 elements',
      npyBytes("{'descr': '<f8', 'fortran_order': False, 'shape': (1125899906842624,)}"),
      'truncated',
    ],
    [
      'half a million axes',
      npyBytes(`{'descr': '<f8', 'fortran_order': False, 'shape': (${'1,'.repeat(500_000)})}`),
      'layout',
    ],
    ['half a million brackets', npyBytes(`{'descr': ${'['.repeat(500_000)}}`), 'header'],
    ['half a million braces', npyBytes(`{${'} '.repeat(500_000)}x`), 'header'],
    [
      'a whole number beyond int32',
      npyBytes(
        "{'descr': '<i8', 'fortran_order': False, 'shape': (1,)}",
        new Uint8Array(8).with(4, 1),
      ),
      'range',
    ],
  ])('%s', (_, content, code) => {
    expect(codeOf(content)).toBe(code);
  });

  test('a file that is not there, and a folder', () => {
    expect(readNpy(folder.path('none.npy'))).toMatchObject({ error: { code: 'missing' } });
    expect(readNpy(folder.path('.'))).toMatchObject({ error: { code: 'unreadable' } });
    expect(readNpy('a\0b')).toMatchObject({ error: { code: 'unreadable' } });
  });

  test('a file of holes that no memory can take', () => {
    const header = "{'descr': '|b1', 'fortran_order': False, 'shape': (17592186040320,)}";
    const path = folder.file('sparse.npy', npyBytes(header));
    try {
      truncateSync(path, npyBytes(header).length + 17592186040320);
    } catch {
      // Not every file system has files as large; the shorter file is `truncated`, and memory is spared all the same.
    }
    const read = readNpy(path);
    expect(['range', 'truncated']).toContain(read.ok ? 'ok' : read.error.code);
  });
});

describe('no content makes the reader throw', () => {
  const files = golden.npy.map(({ base64 }) => Buffer.from(base64, 'base64'));

  test('random bytes, with and without the right beginning', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, begun) => {
        const start = begun ? [Buffer.from('\x93NUMPY', 'latin1'), Uint8Array.of(1, 0)] : [];
        codeOf(Buffer.concat([...start, bytes]));
      }),
      { numRuns: 500 },
    );
  });

  test('cut files', () => {
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.nat(), (file, cut) => {
        const read = codeOf(file.subarray(0, cut % (file.length + 1)));
        expect(['ok', 'truncated']).toContain(read);
      }),
      { numRuns: 300 },
    );
  });

  test('files with a few bytes changed', () => {
    const edit = fc.tuple(
      fc.nat({ max: 160 }),
      fc.constantFrom(...Buffer.from("(),'0129fu[]{}TL\xff")),
    );
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.array(edit, { minLength: 1 }), (file, edits) => {
        const changed = Buffer.from(file);
        for (const [at, byte] of edits) changed[at] = byte;
        codeOf(changed);
      }),
      { numRuns: 1000 },
    );
  });
});

function size(shape: readonly number[]): number {
  return shape.reduce((product, axis) => product * axis, 1);
}
