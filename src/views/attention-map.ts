import type { AttentionPattern, TensorValues, Trace } from '../trace/index.ts';
import { type Matrix, matrixOf } from './matrix.ts';
import { once } from './once.ts';
import { normOf } from './stream-token.ts';
import { operationOf, readerOf } from './structure.ts';
import { clampIndex } from './tensor-matrix.ts';
import { tokenLabels } from './tokens.ts';

/**
 * What is drawn of a pattern. `head`: one head. `layer`: the mean of its heads. `model`: the mean of all heads of all
 * layers. `rollout`: the product of ½·(mean of the heads) + ½·I from the first layer to this one (Abnar and Zuidema
 * 2020): how much of each token has come through.
 */
export type AttentionKind = 'head' | 'layer' | 'model' | 'rollout';

export interface AttentionMapRequest {
  readonly kind: AttentionKind;
  /** Index into the trace's patterns. */
  readonly pattern: number;
  readonly head: number;
  /** Each weight times the norm of the value that it brings, over the largest such norm (Kobayashi et al. 2020). */
  readonly weighted: boolean;
}

/** A pattern's values: heads × queries × keys, leading axes at their first index. */
export interface PatternValues {
  readonly pattern: AttentionPattern;
  readonly values: TensorValues;
  readonly heads: number;
  readonly queries: number;
  readonly keys: number;
}

export async function readPattern(trace: Trace, index: number): Promise<PatternValues | undefined> {
  const pattern = trace.patterns[index];
  const values = pattern && (await trace.read(pattern.path));
  if (pattern === undefined || values === undefined) return undefined;
  const { axes } = values.info;
  return {
    pattern,
    values,
    heads: axes.length < 3 ? 1 : (axes.at(-3)?.size ?? 1),
    queries: axes.at(-2)?.size ?? 1,
    keys: axes.at(-1)?.size ?? 1,
  };
}

/** One head's weights as they lie in the pattern. */
export function headValues(
  { values, queries, keys }: PatternValues,
  head: number,
): Float32Array | Float64Array {
  const size = queries * keys;
  return values.data.subarray(head * size, (head + 1) * size);
}

/** The whole map, every value, range 0 … 1, so that heads and layers compare; undefined where values are lost. */
export async function attentionMap(
  trace: Trace,
  asked: AttentionMapRequest,
): Promise<Matrix | undefined> {
  const index = clampIndex(asked.pattern, trace.patterns.length);
  const found = await readPattern(trace, index);
  if (found === undefined) return undefined;
  const head = clampIndex(asked.head, found.heads);
  const cells = await cellsOf(trace, { ...asked, pattern: index, head }, found);
  return cells && (await matrixOfCells(trace, found, cells));
}

async function cellsOf(
  trace: Trace,
  asked: AttentionMapRequest,
  found: PatternValues,
): Promise<Float32Array | undefined> {
  switch (asked.kind) {
    case 'head': {
      const own = headValues(found, asked.head);
      if (asked.weighted) return weighed(trace, asked, found, own);
      return own instanceof Float32Array ? own : Float32Array.from(own);
    }
    case 'layer':
      return meanOfHeads(found);
    case 'model':
      return meanOfModel(trace, `${found.queries}×${found.keys}`);
    case 'rollout':
      return rollout(trace, String(asked.pattern));
  }
}

async function matrixOfCells(
  trace: Trace,
  found: PatternValues,
  values: Float32Array,
): Promise<Matrix> {
  const [queries, keys] = found.values.info.axes.slice(-2);
  return matrixOf({
    rows: {
      name: queries?.name ?? '',
      size: found.queries,
      labels: await tokenLabels(trace, found.queries),
    },
    columns: {
      name: keys?.name ?? '',
      size: found.keys,
      labels: await tokenLabels(trace, found.keys),
    },
    values,
    scale: 'sequential',
    low: 0,
    high: 1,
    masked: 'zeros',
  });
}

export function meanOfHeads(found: PatternValues): Float32Array {
  const { heads, queries, keys } = found;
  const mean = new Float32Array(queries * keys);
  for (let head = 0; head < heads; head++) {
    const map = headValues(found, head);
    for (let i = 0; i < mean.length; i++) mean[i] = (mean[i] ?? 0) + (map[i] ?? 0) / heads;
  }
  return mean;
}

/** Over all patterns of that size. */
const meanOfModel = once(async (trace: Trace, size: string): Promise<Float32Array | undefined> => {
  let sum: Float32Array | undefined;
  let count = 0;
  for (const index of trace.patterns.keys()) {
    const found = await readPattern(trace, index);
    if (found === undefined || `${found.queries}×${found.keys}` !== size) continue;
    const mean = meanOfHeads(found);
    sum = sum === undefined ? mean : sum.map((each, i) => each + (mean[i] ?? 0));
    count++;
  }
  return sum?.map((each) => each / count);
});

/** Self-attention only: where queries and keys are different tokens there is nothing to multiply. */
const rollout = once(async (trace: Trace, last: string): Promise<Float32Array | undefined> => {
  const index = Number(last);
  const found = await readPattern(trace, index);
  if (found === undefined || found.queries !== found.keys) return undefined;
  const own = meanOfHeads(found);
  const size = found.queries;
  for (let i = 0; i < own.length; i++) {
    own[i] = (own[i] ?? 0) / 2 + (i % (size + 1) === 0 ? 0.5 : 0);
  }
  const before = index === 0 ? undefined : await rollout(trace, String(index - 1));
  if (before === undefined || before.length !== own.length) return own;
  return product(own, before, size);
});

function product(a: Float32Array, b: Float32Array, size: number): Float32Array {
  const result = new Float32Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let inner = 0; inner < size; inner++) {
      const factor = a[row * size + inner] ?? 0;
      if (factor === 0) continue;
      for (let column = 0; column < size; column++) {
        const at = row * size + column;
        result[at] = (result[at] ?? 0) + factor * (b[inner * size + column] ?? 0);
      }
    }
  }
  return result;
}

/** Times the norm of each key's value, found as the right side of the product that reads the pattern. */
async function weighed(
  trace: Trace,
  { head }: AttentionMapRequest,
  { pattern, heads, keys }: PatternValues,
  weights: ArrayLike<number>,
): Promise<Float32Array> {
  const cells = Float32Array.from(weights);
  const index = operationOf(trace, pattern.path);
  const reader =
    index === undefined ? undefined : readerOf(trace.operations, index, 'matrix product', 0);
  const right = reader === undefined ? undefined : trace.operations[reader]?.operands[1];
  const values = right === undefined ? undefined : await trace.readOperation(right);
  const axes = right === undefined ? undefined : trace.operations[right]?.axes;
  const width = axes?.at(-1)?.size ?? 0;
  if (values === undefined || axes?.at(-2)?.size !== keys || width === 0) return cells;
  const groups = Math.max(1, Math.min(heads, values.length / (keys * width)));
  const start = Math.floor((head * groups) / heads) * keys * width;
  const norms = Float64Array.from({ length: keys }, (_, key) => {
    const from = start + key * width;
    return normOf(values.subarray(from, from + width));
  });
  const most = norms.reduce((largest, each) => Math.max(largest, each), 0) || 1;
  for (let from = 0; from < cells.length; from += keys) {
    for (let key = 0; key < keys; key++) {
      cells[from + key] = ((cells[from + key] ?? 0) * (norms[key] ?? 0)) / most;
    }
  }
  return cells;
}
