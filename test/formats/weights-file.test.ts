import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  openWeights,
  slicedView,
  transposedView,
  type ViewItem,
  wholeView,
  widened,
  writeSafetensors,
} from '../../src/formats/index.ts';
import { golden } from './golden.ts';
import { scratchFolder } from './scratch-folder.ts';

const folder = scratchFolder();

/** A safetensors file of one tensor with these bytes. */
function fileOf(name: string, dtype: string, shape: readonly number[], data: Uint8Array): string {
  const entry = { dtype, shape, data_offsets: [0, data.length] };
  const header = Buffer.from(JSON.stringify({ w: entry }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return folder.file(name, Buffer.concat([length, header, data]));
}

function opened(path: string) {
  const file = openWeights(path);
  if (!file.ok) throw new Error(file.error.message);
  return file.value;
}

function errorOf(path: string): string {
  const file = openWeights(path);
  return file.ok ? 'ok' : `${file.error.code}: ${file.error.message.replaceAll(path, 'PATH')}`;
}

function numbers(path: string, name: string): number[] {
  const file = opened(path);
  const tensor = file.tensors.get(name);
  const read = file.read(name, wholeView(tensor?.shape ?? [], tensor?.order));
  if (!read.ok) throw new Error(read.error.message);
  return [...widened(read.value)];
}

describe('shards', () => {
  const shard = (name: string, ...tensors: string[]) => {
    const path = folder.file(name, '');
    const data = Float32Array.of(1, 2);
    writeSafetensors(path, new Map(tensors.map((each) => [each, { shape: [2], data }])));
    return path;
  };
  const index = (content: unknown) =>
    folder.file('model.safetensors.index.json', JSON.stringify(content));

  test('a tensor comes from the shard that the index names', () => {
    shard('model-1.safetensors', 'a');
    shard('model-2.safetensors', 'b', 'not.listed');
    const path = index({
      metadata: { total_size: 16 },
      weight_map: { a: 'model-1.safetensors', b: 'model-2.safetensors' },
    });
    expect([...opened(path).tensors.keys()]).toEqual(['a', 'b']);
    expect(numbers(path, 'b')).toEqual([1, 2]);
  });

  test('an index that does not fit its shards is an error that names both', () => {
    shard('model-1.safetensors', 'a');
    const missing = index({ weight_map: { b: 'model-1.safetensors' } });
    expect(errorOf(missing)).toMatch(
      /^name: .*"b" is in "model-1\.safetensors", which has no such/,
    );
    expect(errorOf(index({ weight_map: { b: 'model-9.safetensors' } }))).toMatch(/^missing: /);
    expect(errorOf(index({ weight_map: { b: '../model-1.safetensors' } }))).toMatch(/^header: /);
    expect(errorOf(index({ metadata: {} }))).toMatch(/^header: .*no weight_map/);
    expect(errorOf(folder.file('broken.index.json', '{"weight_map": {'))).toMatch(/^header: /);
  });
});

describe('archives', () => {
  test.each(['stored', 'compressed'] as const)('what NumPy saved: %s', (kind) => {
    const path = folder.file('model.npz', Buffer.from(golden.npz[kind], 'base64'));
    expect([...opened(path).tensors.keys()]).toEqual(['weight', 'turned']);
    expect(numbers(path, 'weight')).toEqual([0, 1, 2, 3, 4, 5]);
    expect(numbers(path, 'turned')).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('a damaged archive is an error', () => {
    const path = folder.file('model.npz', Buffer.from(golden.npz.stored, 'base64'));
    truncateSync(path, 300);
    expect(errorOf(path)).toMatch(/^header: Cannot read "PATH": it is no zip archive/);
    expect(errorOf(join(path, 'gone.npz'))).toMatch(/^missing: /);
  });
});

describe('views', () => {
  test('half precision stays as it is stored', () => {
    const bits = Uint8Array.of(0x00, 0x3c, 0x00, 0x40, 0x00, 0x42, 0x00, 0x44);
    const file = opened(fileOf('half.safetensors', 'F16', [2, 2], bits));
    const view = transposedView(wholeView([2, 2]));
    const read = view && file.read('w', view);
    const data = Uint16Array.of(0x3c00, 0x4200, 0x4000, 0x4400);
    expect(read).toEqual({ ok: true, value: { type: 'f16', data } });
    expect(read?.ok && [...widened(read.value)]).toEqual([1, 3, 2, 4]);
  });

  test('only the bytes between the first and the last element are read', () => {
    const path = fileOf('cut.safetensors', 'F32', [4, 2], new Uint8Array(32));
    const file = opened(path);
    // Cut after it was checked: the rows that are still there can be read, the others cannot.
    truncateSync(
      path,
      8 + Buffer.byteLength('{"w":{"dtype":"F32","shape":[4,2],"data_offsets":[0,32]}}') + 16,
    );
    const rows = (start: number, stop: number) => {
      const all: ViewItem = { kind: 'range', start: 0, stop: 2 };
      const view = slicedView(wholeView([4, 2]), [{ kind: 'range', start, stop }, all]);
      return view && file.read('w', view);
    };
    expect(rows(0, 2)?.ok).toBe(true);
    expect(rows(1, 3)).toMatchObject({ ok: false, error: { code: 'truncated' } });
  });

  test('any slice of any transpose holds the elements that it names', () => {
    const shape = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 4 });
    const property = fc.property(
      shape,
      fc.boolean(),
      fc.infiniteStream(fc.nat(100)),
      (lengths, swap, dice) => {
        const count = lengths.reduce((a, b) => a * b, 1);
        const data = Float32Array.from({ length: count }, (_, i) => i);
        const path = fileOf('any.safetensors', 'F32', lengths, new Uint8Array(data.buffer));
        const whole = wholeView(lengths);
        const turned = (swap && transposedView(whole)) || whole;
        const next = () => dice.next().value ?? 0;
        const items = turned.shape.map((length): ViewItem => {
          const start = next() % length;
          if (next() % 3 === 0) return { kind: 'at', index: start };
          return { kind: 'range', start, stop: start + 1 + (next() % (length - start)) };
        });
        const view = slicedView(turned, items);
        const read = view && opened(path).read('w', view);
        expect(read?.ok && [...widened(read.value)]).toEqual(elements(turned, items));
      },
    );
    fc.assert(property, { numRuns: 60 });
  });
});

/** Values of an array that counts up, by the indices that the items name. */
function elements(
  { strides }: { readonly strides: readonly number[] },
  items: readonly ViewItem[],
): number[] {
  return items.reduce(
    (found: readonly number[], item, axis) => {
      const [start, stop] =
        item.kind === 'at'
          ? [item.index, item.index + 1]
          : item.kind === 'range'
            ? [item.start, item.stop]
            : [0, 1];
      const along = Array.from(
        { length: stop - start },
        (_, i) => (start + i) * (strides[axis] ?? 0),
      );
      return found.flatMap((base) => along.map((step) => base + step));
    },
    [0],
  ) as number[];
}
