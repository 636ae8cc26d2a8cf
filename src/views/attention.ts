import type { SourceRange, TensorValues, Trace } from '../trace/index.ts';
import { type Matrix, matrixOf } from './matrix.ts';
import { poolMatrix } from './pool.ts';
import { clampIndex } from './tensor-matrix.ts';
import { tokenLabels } from './tokens.ts';

/** All heads of one layer small, one head large. */
export interface AttentionView {
  readonly path: string;
  readonly pattern: number;
  readonly head: number;
  readonly tokens: readonly string[];
  readonly source: SourceRange;
  readonly heads: readonly AttentionHeadView[];
  /** queries × keys of the chosen head, every value. */
  readonly large: Matrix;
}

export interface AttentionHeadView {
  readonly head: number;
  /** queries × keys, pooled to at most 64 × 64. */
  readonly map: Matrix;
  /** Mean over queries of the entropy of the row, in bits. */
  readonly entropy: number;
}

const thumbnail = { rows: 64, columns: 64 };

/**
 * A pattern of the trace, axes [..., heads, queries, keys], or [queries, keys] for one head. Leading axes are read at
 * their first index. The colours of all heads span 0 … 1, so that heads and layers compare. Undefined where the trace
 * has no pattern or has lost its values.
 */
export async function attentionView(
  trace: Trace,
  asked: { readonly pattern: number; readonly head: number },
): Promise<AttentionView | undefined> {
  const pattern = clampIndex(asked.pattern, trace.patterns.length);
  const found = trace.patterns[pattern];
  const values = found === undefined ? undefined : await trace.read(found.path);
  if (found === undefined || values === undefined) return undefined;
  const count = headCount(values);
  const head = clampIndex(asked.head, count);
  const maps = Array.from({ length: count }, (_, index) => headMap(trace, values, index));
  const large = maps[head];
  if (large === undefined) return undefined;
  return {
    path: found.path,
    pattern,
    head,
    tokens: large.rows.labels ?? [],
    source: values.info.source,
    heads: maps.map((map, index) => ({
      head: index,
      map: poolMatrix(map, thumbnail),
      entropy: meanEntropy(map),
    })),
    large,
  };
}

function headCount(values: TensorValues): number {
  const { axes } = values.info;
  return axes.length < 3 ? 1 : (axes.at(-3)?.size ?? 1);
}

function headMap(trace: Trace, values: TensorValues, head: number): Matrix {
  const queries = values.info.axes.at(-2) ?? { name: '', size: 1 };
  const keys = values.info.axes.at(-1) ?? { name: '', size: 1 };
  const size = queries.size * keys.size;
  const cells = Float32Array.from(values.data.subarray(head * size, (head + 1) * size));
  return matrixOf({
    rows: { ...queries, labels: tokenLabels(trace, queries.size) },
    columns: { ...keys, labels: tokenLabels(trace, keys.size) },
    values: cells,
    scale: 'sequential',
    low: 0,
    high: 1,
    masked: 'zeros',
  });
}

/** Mean over the rows of −Σ p log₂ p, with 0 log 0 = 0. */
function meanEntropy(map: Matrix): number {
  let bits = 0;
  for (const p of map.values) if (p > 0) bits -= p * Math.log2(p);
  return bits / map.rows.size;
}
