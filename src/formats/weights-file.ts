/**
 * Named tensors wherever they are: one safetensors file, the shards that a `….safetensors.index.json` lists, or an
 * `.npz` archive. Opening reads headers; a tensor, or a part of it, is read when it is asked for.
 */

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { t } from '@vscode/l10n';
import { fileLength, fileVersion } from './file-blocks.ts';
import { type FormatError, quoted, readError } from './format-error.ts';
import { openNpz } from './npz.ts';
import { fail, type Result, succeed } from './result.ts';
import { openSafetensors, type SafetensorsFile } from './safetensors.ts';
import { readView, type StoredValues } from './stored-values.ts';
import type { TensorView } from './tensor-view.ts';

export interface WeightsTensor {
  readonly shape: readonly number[];
  /** In the file's own spelling: `F32`, `BF16`. */
  readonly dtype: string;
  /** How the elements lie, where not row by row. */
  readonly order?: 'row-major' | 'column-major';
}

export interface WeightsFile {
  readonly path: string;
  /** What changes when the file, or one of its shards, does. */
  readonly version: string;
  readonly tensors: ReadonlyMap<string, WeightsTensor>;
  /** Errors: `name`, `range`, those of the file system. */
  readonly read: (name: string, view: TensorView) => Result<StoredValues, FormatError>;
}

/** Errors: as for `openSafetensors`; for an index also `header` and `name`; as for `openNpz`. */
export function openWeights(path: string): Result<WeightsFile, FormatError> {
  if (path.endsWith('.json')) return openSharded(path);
  if (path.endsWith('.npz')) return openArchive(path);
  const file = openSafetensors(path);
  if (!file.ok) return file;
  const { tensors, readView: read } = file.value;
  return succeed({ path, version: fileVersion(path), tensors, read });
}

function openArchive(path: string): Result<WeightsFile, FormatError> {
  const members = openNpz(path);
  if (!members.ok) return members;
  const tensors = new Map(
    [...members.value].map(([name, { header }]) => [
      name,
      {
        shape: header.shape,
        dtype: `${header.type.kind}${8 * header.type.bytes}`,
        order: header.order,
      },
    ]),
  );
  return succeed({
    path,
    version: fileVersion(path),
    tensors,
    read: (name, view) => {
      const member = members.value.get(name);
      return member === undefined
        ? fail(
            readError('name', path, t`it has no array ${quoted(name)}`, t`Use one of its names.`),
          )
        : readView(member.range, view);
    },
  });
}

function openSharded(path: string): Result<WeightsFile, FormatError> {
  const index = readIndex(path);
  if (!index.ok) return index;
  const shards = new Map<string, SafetensorsFile>();
  for (const file of new Set(index.value.values())) {
    const shard = openSafetensors(join(dirname(path), file));
    if (!shard.ok) return shard;
    shards.set(file, shard.value);
  }
  const tensors = new Map<string, WeightsTensor>();
  for (const [name, file] of index.value) {
    const tensor = shards.get(file)?.tensors.get(name);
    if (tensor === undefined) {
      const found = t`it says that ${quoted(name)} is in ${quoted(file)}, which has no such tensor`;
      return fail(readError('name', path, found, t`Download the index and its shards again.`));
    }
    tensors.set(name, tensor);
  }
  const files = [path, ...[...shards.values()].map((shard) => shard.path)];
  return succeed({
    path,
    version: files.map(fileVersion).join(' '),
    tensors,
    read: (name, view) => {
      const shard = shards.get(index.value.get(name) ?? '');
      return shard === undefined
        ? fail(readError('name', path, t`it lists no ${quoted(name)}`, t`Use one of its names.`))
        : shard.readView(name, view);
    },
  });
}

/** Tensor names to file names. An index is JSON: `{"metadata": …, "weight_map": {"wte.weight": "model-00001-of-00002.safetensors"}}`. */
function readIndex(path: string): Result<ReadonlyMap<string, string>, FormatError> {
  const size = fileLength(path);
  if (!size.ok) return size;
  const damaged = (found: string) =>
    fail(readError('header', path, found, t`Download it again, or name one of its shards.`));
  if (size.value > indexLimit) return damaged(t`an index of ${size.value} bytes is too long`);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    return damaged(t`it is no valid JSON (${quoted(String(cause))})`);
  }
  const map = isObject(value) ? value['weight_map'] : undefined;
  if (!isObject(map)) return damaged(t`it has no weight_map`);
  const files = new Map<string, string>();
  for (const [name, file] of Object.entries(map)) {
    if (typeof file !== 'string' || !/^[^/\\]+\.safetensors$/.test(file)) {
      return damaged(
        t`it puts ${quoted(name)} into ${quoted(String(file))}, which is no shard beside it`,
      );
    }
    files.set(name, file);
  }
  return succeed(files);
}

const indexLimit = 256 * 1024 * 1024;

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
