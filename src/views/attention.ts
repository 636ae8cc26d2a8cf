import type { SourceRange, Trace } from '../trace/index.ts';
import {
  type AttentionMapRequest,
  attentionMap,
  headValues,
  type PatternValues,
  readPattern,
} from './attention-map.ts';
import { type HeadScores, headScores, tokenIds } from './head-scores.ts';
import { cellKind, cropMatrix, type Matrix, type MatrixWindow, matrixOf } from './matrix.ts';
import { once } from './once.ts';
import { poolMatrix } from './pool.ts';
import { clampIndex } from './tensor-matrix.ts';

/** Every head of every layer small, with what it does in numbers. */
export interface AttentionHeadsView {
  readonly layers: readonly AttentionLayerView[];
  /** Rows and columns of the largest thumbnail. */
  readonly size: readonly [number, number];
}

export interface AttentionLayerView {
  /** Index into the trace's patterns. */
  readonly pattern: number;
  readonly path: string;
  readonly scope: string;
  readonly layer: number | undefined;
  readonly heads: readonly HeadScores[];
  /** Thumbnails one after another, a byte per cell: see `thumbnailValue`. */
  readonly thumbnails: Uint8Array<ArrayBuffer>;
  /** Rows and columns of each thumbnail. */
  readonly size: readonly [number, number];
}

/** One map large. */
export interface AttentionView {
  readonly path: string;
  readonly pattern: number;
  readonly head: number;
  readonly tokens: readonly string[];
  readonly source: SourceRange;
  /** queries × keys, pooled to what a screen shows. */
  readonly map: Matrix;
  /** The weights of the chosen token as a query, and as a key: every value. */
  readonly fromToken: Float32Array;
  readonly toToken: Float32Array;
  readonly token: number;
}

/** Cells of a thumbnail, each way. */
const thumbnail = 48;
/** A map is square, and so are the blocks that its cells stand for. */
const largestPattern = { rows: 512, columns: 512 };

/** All heads at once; undefined where the trace has no pattern. Computed once for each trace. */
export async function attentionHeadsView(trace: Trace): Promise<AttentionHeadsView | undefined> {
  return trace.patterns.length === 0 ? undefined : allHeads(trace, '');
}

const allHeads = once(async (trace: Trace): Promise<AttentionHeadsView> => {
  const layers: AttentionLayerView[] = [];
  for (const index of trace.patterns.keys()) {
    const found = await readPattern(trace, index);
    if (found !== undefined) layers.push(await layerView(trace, index, found));
  }
  const largest = (side: 0 | 1) => Math.max(1, ...layers.map(({ size }) => size[side]));
  return { layers, size: [largest(0), largest(1)] };
});

async function layerView(
  trace: Trace,
  index: number,
  found: PatternValues,
): Promise<AttentionLayerView> {
  const { pattern, heads, queries, keys } = found;
  const ids = queries === keys ? await tokenIds(trace, keys) : undefined;
  const maps = Array.from({ length: heads }, (_, head) => smallMap(found, head));
  const [first] = maps;
  const size = [first?.rows.size ?? 1, first?.columns.size ?? 1] as const;
  const thumbnails = new Uint8Array(heads * size[0] * size[1]);
  for (const [head, map] of maps.entries()) {
    thumbnails.set(Uint8Array.from(map.values, asByte), head * size[0] * size[1]);
  }
  const scores = maps.map((_, head) => headScores(headValues(found, head), found, ids));
  const { path, scope, layer } = pattern;
  return { pattern: index, path, scope, layer, heads: scores, thumbnails, size };
}

function smallMap(found: PatternValues, head: number): Matrix {
  const { queries, keys } = found;
  const own = headValues(found, head);
  const values = own instanceof Float32Array ? own : Float32Array.from(own);
  const whole = matrixOf({
    rows: { name: '', size: queries, labels: undefined },
    columns: { name: '', size: keys, labels: undefined },
    values,
    scale: 'sequential',
    low: 0,
    high: 1,
  });
  return poolMatrix(whole, { rows: thumbnail, columns: thumbnail });
}

/** Of the bytes that stand for no weight: masked is 0, then come the weights, and last what is not finite. */
const bytes = { least: 1, most: 252, minusInfinity: 253, plusInfinity: 254, nan: 255 };

function asByte(weight: number): number {
  if (weight === 0) return 0;
  const kind = cellKind(weight, {});
  if (kind === 'nan' || kind === 'plusInfinity' || kind === 'minusInfinity') return bytes[kind];
  const bounded = Math.max(0, Math.min(1, weight));
  return bytes.least + Math.round((bytes.most - bytes.least) * bounded);
}

/** What a byte of a thumbnail stands for: 0 where masked, a weight of about 0 … 1, or what is not finite. */
export function thumbnailValue(byte: number): number {
  if (byte === bytes.nan) return Number.NaN;
  if (byte === bytes.plusInfinity) return Number.POSITIVE_INFINITY;
  if (byte === bytes.minusInfinity) return Number.NEGATIVE_INFINITY;
  return byte / bytes.most;
}

/**
 * A pattern of the trace, axes [..., heads, queries, keys], or [queries, keys] for one head. Leading axes are read at
 * their first index. Undefined where the trace has no pattern, has lost its values, or they cannot be put together as
 * asked (a rollout over different tokens).
 */
export async function attentionView(
  trace: Trace,
  asked: AttentionMapRequest & { readonly token: number },
): Promise<AttentionView | undefined> {
  const map = await attentionMap(trace, asked);
  const pattern = clampIndex(asked.pattern, trace.patterns.length);
  const found = await readPattern(trace, pattern);
  if (map === undefined || found === undefined) return undefined;
  const token = clampIndex(asked.token, Math.max(found.queries, found.keys));
  return {
    path: found.pattern.path,
    pattern,
    head: clampIndex(asked.head, found.heads),
    tokens: map.rows.labels ?? [],
    source: found.values.info.source,
    map: poolMatrix(map, largestPattern),
    token,
    ...weightsOf(map, token),
  };
}

/** A window onto a map that is too large to be sent whole, pooled to what a screen shows. */
export async function attentionWindow(
  trace: Trace,
  asked: AttentionMapRequest & { readonly window: MatrixWindow },
): Promise<Matrix | undefined> {
  const map = await attentionMap(trace, asked);
  return map && poolMatrix(cropMatrix(map, asked.window), largestPattern);
}

function weightsOf(map: Matrix, token: number) {
  const { rows, columns, values } = map;
  const query = Math.min(token, rows.size - 1);
  const key = Math.min(token, columns.size - 1);
  return {
    fromToken: values.slice(query * columns.size, (query + 1) * columns.size),
    toToken: Float32Array.from(
      { length: rows.size },
      (_, i) => values[i * columns.size + key] ?? 0,
    ),
  };
}
