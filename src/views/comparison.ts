import type { Axis, SourceRange, TensorInfo, TensorValues, Trace } from '../trace/index.ts';
import { once } from './once.ts';

/** Where two runs differ, most first; then what cannot be compared. */
export interface ComparisonView {
  readonly here: string;
  readonly there: string;
  readonly rows: readonly ComparisonRow[];
}

export interface ComparisonRow {
  readonly path: string;
  readonly axes: readonly Axis[];
  readonly source: SourceRange;
  readonly kind: 'same' | 'different' | 'shape' | 'only here' | 'only there' | 'large';
  /** ‖a − b‖ / ‖b‖ over the finite differences; where both are −∞ they are the same. */
  readonly relative: number;
  /** The largest |a − b|. */
  readonly largest: number;
  /** Cosine of the two as vectors. */
  readonly cosine: number;
  /** Where the largest difference is: an index along every axis but the last two. */
  readonly slice: readonly number[];
}

/** Both traces of a difference, for those who compare them. */
const compared = new WeakMap<Trace, { readonly a: Trace; readonly b: Trace }>();

/**
 * One run minus another as a trace of its own, so that every view of a tensor can be of a difference: the tensors of
 * `a` that `b` has too, in the same shape.
 */
export function differenceTrace(a: Trace, b: Trace): Trace {
  const known = differences.get(a)?.get(b);
  if (known !== undefined) return known;
  const tensors = new Map(
    [...a.tensors].filter(([path, info]) => sameShape(info, infoIn(b, path))),
  );
  const made: Trace = {
    ...a,
    tensors,
    read: async (path) => {
      const [mine, theirs] = [await a.read(path), await b.read(path)];
      if (mine === undefined || theirs === undefined || !sameShape(mine.info, theirs.info)) {
        return undefined;
      }
      return { info: { ...mine.info, dtype: 'f32' }, data: minus(mine, theirs) };
    },
    readOperation: async () => undefined,
    replay: async () => undefined,
  };
  compared.set(made, { a, b });
  const others = differences.get(a) ?? new WeakMap();
  differences.set(a, others.set(b, made));
  return made;
}

const differences = new WeakMap<Trace, WeakMap<Trace, Trace>>();

function minus(a: TensorValues, b: TensorValues): Float32Array {
  const difference = new Float32Array(a.data.length);
  for (let i = 0; i < difference.length; i++) {
    const [x = 0, y = 0] = [a.data[i], b.data[i]];
    // Masked in both: −∞ minus −∞ is no difference.
    difference[i] = x === y ? 0 : x - y;
  }
  return difference;
}

/** Longer tensors, weights mostly, are not read to be compared. */
const mostCompared = 4e6;

/** Of a trace that `differenceTrace` made. */
export async function comparisonView(trace: Trace): Promise<ComparisonView> {
  return compare(trace, '');
}

const compare = once(async (trace: Trace): Promise<ComparisonView> => {
  const { a, b } = compared.get(trace) ?? { a: trace, b: trace };
  const rows: ComparisonRow[] = [];
  for (const info of a.tensors.values()) rows.push(await rowOf(a, b, info));
  for (const [path, info] of b.tensors) {
    if (infoIn(a, path) === undefined) rows.push(emptyRow(info, 'only there'));
  }
  const order = ['different', 'shape', 'only here', 'only there', 'large', 'same'];
  rows.sort((x, y) => order.indexOf(x.kind) - order.indexOf(y.kind) || y.relative - x.relative);
  return { here: a.run || a.model, there: b.run || b.model, rows };
});

async function rowOf(a: Trace, b: Trace, info: TensorInfo): Promise<ComparisonRow> {
  const other = infoIn(b, info.path);
  if (other === undefined) return emptyRow(info, 'only here');
  if (!sameShape(info, other)) return emptyRow(info, 'shape');
  if (info.axes.reduce((count, { size }) => count * size, 1) > mostCompared) {
    return emptyRow(info, 'large');
  }
  const [mine, theirs] = [await a.read(info.path), await b.read(info.path)];
  if (mine === undefined || theirs === undefined) return emptyRow(info, 'only here');
  const measured = measure(mine.data, theirs.data);
  const { at, ...measures } = measured;
  const kind = measures.largest === 0 ? 'same' : 'different';
  return { ...emptyRow(info, kind), ...measures, slice: sliceOf(info.axes, at) };
}

function measure(a: ArrayLike<number>, b: ArrayLike<number>) {
  const sums = { difference: 0, a: 0, b: 0, product: 0, largest: 0, at: 0 };
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] ?? 0, b[i] ?? 0];
    if (x === y && !Number.isFinite(x)) continue;
    const difference = Math.abs(x - y);
    if (!Number.isFinite(difference)) {
      if (sums.largest !== Number.POSITIVE_INFINITY) sums.at = i;
      sums.largest = Number.POSITIVE_INFINITY;
      continue;
    }
    sums.difference += difference ** 2;
    sums.a += x * x;
    sums.b += y * y;
    sums.product += x * y;
    if (difference <= sums.largest) continue;
    sums.largest = difference;
    sums.at = i;
  }
  return {
    relative: sums.difference === 0 ? 0 : Math.sqrt(sums.difference / sums.b),
    largest: sums.largest,
    at: sums.at,
    cosine: sums.product / Math.sqrt(sums.a * sums.b),
  };
}

/** Of a row-major index, what it is along every axis but the last two. */
function sliceOf(axes: readonly Axis[], index: number): readonly number[] {
  const slice: number[] = [];
  let rest = index;
  for (const [i, { size }] of [...axes.entries()].reverse()) {
    if (i < axes.length - 2) slice.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return slice;
}

function emptyRow({ path, axes, source }: TensorInfo, kind: ComparisonRow['kind']): ComparisonRow {
  const nothing = Number.NaN;
  return {
    path,
    axes,
    source,
    kind,
    relative: nothing,
    largest: nothing,
    cosine: nothing,
    slice: [],
  };
}

function infoIn({ tensors, aliases }: Trace, path: string): TensorInfo | undefined {
  return tensors.get(aliases.get(path) ?? path);
}

function sameShape(a: TensorInfo, b: TensorInfo | undefined): boolean {
  return (
    b !== undefined &&
    a.axes.length === b.axes.length &&
    a.axes.every(({ size }, i) => size === b.axes[i]?.size)
  );
}
