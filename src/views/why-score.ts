import type { Operation, Trace } from '../trace/index.ts';
import { readPattern } from './attention-map.ts';
import { operationOf, wayFromProduct } from './structure.ts';
import { clampIndex } from './tensor-matrix.ts';

/** Why a query attends to a key as it does. */
export interface WhyScoreView {
  readonly query: number;
  readonly key: number;
  /** q·k dimension by dimension, in their order; empty where the scores are no product of rows. */
  readonly products: readonly DimensionProduct[];
  /** From the product of q and k to the weight, each operation with the value that it gave. */
  readonly stages: readonly ScoreStage[];
}

export interface DimensionProduct {
  readonly dimension: number;
  readonly query: number;
  readonly key: number;
  readonly product: number;
}

export interface ScoreStage {
  /** The value's path; the operator where it has no name. */
  readonly name: string;
  readonly operator: string;
  readonly value: number;
}

/** One weight of one head, taken apart (equations q·kᵀ / √d_k, mask, softmax). Undefined where values are lost. */
export async function whyScoreView(
  trace: Trace,
  asked: {
    readonly pattern: number;
    readonly head: number;
    readonly query: number;
    readonly key: number;
  },
): Promise<WhyScoreView | undefined> {
  const found = await readPattern(trace, clampIndex(asked.pattern, trace.patterns.length));
  if (found === undefined) return undefined;
  const head = clampIndex(asked.head, found.heads);
  const query = clampIndex(asked.query, found.queries);
  const key = clampIndex(asked.key, found.keys);
  const end = operationOf(trace, found.pattern.path);
  const way = end === undefined ? undefined : wayFromProduct(trace.operations, end);
  const place = { head, query, key, heads: found.heads };
  const stages: ScoreStage[] = [];
  for (const index of way ?? []) {
    const operation = trace.operations[index];
    const values = await trace.readOperation(index);
    if (operation === undefined || values === undefined) continue;
    const value = values[(head * found.queries + query) * found.keys + key] ?? Number.NaN;
    stages.push({
      name: operation.path ?? operation.operator,
      operator: operation.operator,
      value,
    });
  }
  const [product] = way ?? [];
  return { query, key, stages, products: await productsOf(trace, product, place) };
}

interface PlaceInScores {
  readonly head: number;
  readonly heads: number;
  readonly query: number;
  readonly key: number;
}

/** Left [..., queries, k] and right [..., k, keys], as a matrix product has them; anything else gives none. */
async function productsOf(
  trace: Trace,
  product: number | undefined,
  { head, heads, query, key }: PlaceInScores,
): Promise<readonly DimensionProduct[]> {
  const operands = product === undefined ? [] : (trace.operations[product]?.operands ?? []);
  const [left, right] = operands;
  const [a, b] = [left, right].map((index) => trace.operations[index ?? -1]);
  if (left === undefined || right === undefined || a === undefined || b === undefined) return [];
  const width = a.axes.at(-1)?.size ?? 0;
  if (b.axes.at(-2)?.size !== width) return [];
  const [q, k] = [await trace.readOperation(left), await trace.readOperation(right)];
  if (q === undefined || k === undefined) return [];
  const [rows, keys] = [a.axes.at(-2)?.size ?? 1, b.axes.at(-1)?.size ?? 1];
  const fromQ = batchOf(a, head, heads) * rows * width + query * width;
  const fromK = batchOf(b, head, heads) * width * keys + key;
  return Array.from({ length: width }, (_, dimension) => {
    const [x, y] = [q[fromQ + dimension] ?? 0, k[fromK + dimension * keys] ?? 0];
    return { dimension, query: x, key: y, product: x * y };
  });
}

/** Which of the operand's matrices the head reads; one that all heads share is the only one. */
function batchOf({ axes }: Operation, head: number, heads: number): number {
  return axes.at(-3)?.size === heads ? head : 0;
}
