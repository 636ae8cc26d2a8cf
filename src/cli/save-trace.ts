/** A trace as one safetensors file: every value once, everything else in the metadata. */
import { basename } from 'node:path';
import { type WritableTensor, writeSafetensors } from '../formats/index.ts';
import { pathOf } from '../session/index.ts';
import type { TensorInfo, TensorValues, Trace } from '../trace/index.ts';
import { WrongUse } from './command-io.ts';

export interface SavedTrace {
  readonly tensors: number;
}

/**
 * Writes the values of `paths`. One that several paths share is stored under its own path, and the metadata lists the
 * others (`shared`) beside the bare names that stand for last versions (`aliases`). The same run writes the same bytes
 * on the same backend. Throws WrongUse where the file cannot be written.
 */
export async function saveTrace(
  file: string,
  trace: Trace,
  ownPaths: ReadonlyMap<string, string>,
  paths: readonly string[],
): Promise<SavedTrace> {
  const stored = new Map<string, WritableTensor>();
  const shapes: Record<string, ReturnType<typeof shapeData>> = {};
  const shared: Record<string, string> = {};
  for (const path of paths) {
    const own = ownPaths.get(path) ?? path;
    if (own !== path) shared[path] = own;
    if (stored.has(own)) continue;
    const values = await trace.read(own);
    if (values === undefined) throw new Error(`${own} has no values.`);
    stored.set(own, writable(values));
    shapes[own] = shapeData(values.info);
  }
  const aliases = [...trace.aliases].filter(([, path]) => stored.has(ownPaths.get(path) ?? path));
  const metadata = new Map([
    ['format', 'tblock trace 1'],
    ['program', basename(pathOf(trace.program))],
    ['run', trace.run],
    ['model', trace.model],
    ['seed', `${trace.seed}`],
    ['backend', JSON.stringify(trace.backend)],
    ['dims', JSON.stringify(dimValues(trace))],
    ['shapes', JSON.stringify(shapes)],
    ['aliases', JSON.stringify(Object.fromEntries(aliases))],
    ['shared', JSON.stringify(shared)],
    ['outputs', JSON.stringify(trace.outputs)],
    [
      'expectations',
      JSON.stringify(trace.expectations.map(({ text, passed }) => ({ text, passed }))),
    ],
  ]);
  const written = writeSafetensors(file, stored, metadata);
  if (!written.ok) throw new WrongUse(written.error.message);
  return { tensors: stored.size };
}

/** What `--save` writes where `--keep` says nothing: the weights have a file of their own. */
export function pathsToSave(trace: Trace): readonly string[] {
  return [...trace.tensors.values()].flatMap(({ path, role }) =>
    role === 'parameter' ? [] : [path],
  );
}

export function dimValues({ dims }: Trace): Readonly<Record<string, number>> {
  return Object.fromEntries(
    dims.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])),
  );
}

function writable({ info, data }: TensorValues): WritableTensor {
  const shape = info.axes.map(({ size }) => size);
  return { shape, data: info.dtype === 'int' ? Int32Array.from(data) : data };
}

function shapeData({ axes, dtype, role, operator }: TensorInfo) {
  return { axes: axes.map(({ name }) => name), dtype, role, operator };
}
