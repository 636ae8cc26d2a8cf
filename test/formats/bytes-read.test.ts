/** What a checkpoint costs: its headers, and of its tensors just the bytes that are used. */
import fs, { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { expect, onTestFinished, test } from 'vitest';
import { openWeights, slicedView, transposedView, wholeView } from '../../src/formats/index.ts';
import { scratchFolder } from './scratch-folder.ts';

const folder = scratchFolder();

/** A shard of half-precision tensors that takes no room on the disk but for its header. */
function shard(name: string, tensors: Readonly<Record<string, readonly number[]>>): number {
  let end = 0;
  const entries = Object.entries(tensors).map(([tensor, shape]) => {
    const start = end;
    end += 2 * shape.reduce((product, length) => product * length, 1);
    return [tensor, { dtype: 'F16', shape, data_offsets: [start, end] }];
  });
  const header = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const file = openSync(folder.file(name, ''), 'w');
  writeSync(file, Buffer.concat([length, header]));
  ftruncateSync(file, length.length + header.length + end);
  closeSync(file);
  return length.length + header.length;
}

/** Counts what is read of files from now on. */
function countBytes(): () => number {
  const { readSync } = fs;
  let bytes = 0;
  fs.readSync = ((...given: Parameters<typeof readSync>) => {
    const count = readSync(...given);
    bytes += count;
    return count;
  }) as typeof readSync;
  syncBuiltinESMExports();
  onTestFinished(() => {
    fs.readSync = readSync;
    syncBuiltinESMExports();
  });
  return () => {
    const read = bytes;
    bytes = 0;
    return read;
  };
}

test('of a large checkpoint in shards only the headers and what is used are read', () => {
  const shape = [8192, 4096] as const;
  const headers =
    shard('model-1.safetensors', { a: shape, b: shape }) +
    shard('model-2.safetensors', { c: [3, 5], d: shape });
  const map = { a: 'model-1.safetensors', b: 'model-1.safetensors' };
  const rest = { c: 'model-2.safetensors', d: 'model-2.safetensors' };
  const index = JSON.stringify({ weight_map: { ...map, ...rest } });
  const path = folder.file('model.safetensors.index.json', index);
  const bytes = countBytes();

  const file = openWeights(path);

  if (!file.ok) throw new Error(file.error.message);
  expect(bytes()).toBe(headers);
  const { read } = file.value;
  const row = slicedView(wholeView(shape), [
    { kind: 'at', index: 17 },
    { kind: 'range', start: 8, stop: 24 },
  ]);
  expect(row && read('b', row).ok).toBe(true);
  expect(bytes()).toBe(2 * 16);
  const whole = transposedView(wholeView([3, 5]));
  expect(whole && read('c', whole).ok).toBe(true);
  expect(bytes()).toBe(2 * 15);
});
