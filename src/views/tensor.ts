import type { Axis, SourceRange, TensorValues, Trace } from '../trace/index.ts';
import type { Matrix, MatrixWindow } from './matrix.ts';
import { once } from './once.ts';
import { poolMatrix } from './pool.ts';
import { type Histogram, histogramOf, statisticsOf, type TensorStatistics } from './statistics.ts';
import {
  clampPlane,
  clampSlice,
  largestMap,
  otherAxes,
  type Plane,
  partMatrix,
  wholeMatrix,
} from './tensor-matrix.ts';

/** One tensor: statistics, a histogram and two axes of it as a matrix. */
export interface TensorView {
  readonly path: string;
  readonly axes: readonly Axis[];
  readonly operator: string;
  readonly source: SourceRange;
  readonly statistics: TensorStatistics;
  readonly histogram: Histogram;
  /** Which axes lie down and across; −1 for one that the tensor does not have. */
  readonly plane: Plane;
  /** The index along every axis beside the plane. */
  readonly slice: readonly number[];
  readonly matrix: Matrix;
}

/** What of a tensor is looked at. */
export interface SliceRequest {
  readonly path: string;
  /** The index along every axis beside the plane; made to fit. */
  readonly slice: readonly number[];
  /** The axes that lie down and across; the last two where absent. */
  readonly plane?: Plane;
}

/** A tensor by path or alias; undefined where the trace has none. Statistics are over the whole tensor. */
export async function tensorView(
  trace: Trace,
  asked: SliceRequest,
): Promise<TensorView | undefined> {
  const values = await trace.read(asked.path);
  const matrix = await overview(trace, keyOf(asked));
  if (values === undefined || matrix === undefined) return undefined;
  const { path, axes, operator, source } = values.info;
  const plane = clampPlane(axes, asked.plane);
  return {
    path,
    axes,
    operator,
    source,
    ...(await summaryOf(trace, path)),
    plane,
    slice: clampSlice(axes, asked.slice, plane),
    matrix,
  };
}

/** Once for each tensor: a large one takes longer than a change of its slice may. */
const summaryOf = once(async (trace: Trace, path: string) => {
  const data = (await trace.read(path))?.data ?? [];
  return { statistics: statisticsOf(data), histogram: histogramOf(data) };
});

/** A slice as a screen shows it, once for each: a large one takes longer than a movement over it may. */
const overview = once(async (trace: Trace, key: string) => {
  const { path, slice, plane }: SliceRequest = JSON.parse(key);
  const values = await trace.read(path);
  return values && poolMatrix(wholeMatrix(values, slice, plane), largestMap);
});

function keyOf({ path, slice, plane }: SliceRequest): string {
  return JSON.stringify({ path, slice, plane });
}

/** A window onto a slice, exact where it is small enough for a screen; its colours are those of the whole slice. */
export async function tensorWindow(
  trace: Trace,
  asked: SliceRequest & { readonly window: MatrixWindow },
): Promise<Matrix | undefined> {
  const { path, slice, plane, window } = asked;
  const values = await trace.read(path);
  const whole = await overview(trace, keyOf(asked));
  if (values === undefined || whole === undefined) return undefined;
  const { low, high } = whole;
  return poolMatrix(partMatrix(values, slice, plane, window, { low, high }), largestMap);
}

/**
 * A tensor of more than two axes as small maps: the plane is drawn once for every index of one further axis (across),
 * or of two (down and across). Ranges are shared, so that the maps compare.
 */
export interface FacetsView {
  readonly down: Axis | undefined;
  readonly across: Axis;
  /** Row-major, as many as fit; pooled. */
  readonly maps: readonly Matrix[];
  readonly rows: number;
  readonly columns: number;
}

/** Facets each way, and cells of one each way, at most. */
const mostFacets = 16;
const facetCells = { rows: 48, columns: 48 };

/** Undefined where the tensor has no axis beside the plane. */
export async function facetsView(
  trace: Trace,
  asked: SliceRequest,
): Promise<FacetsView | undefined> {
  const values = await trace.read(asked.path);
  if (values === undefined) return undefined;
  const { axes } = values.info;
  const plane = clampPlane(axes, asked.plane);
  const others = otherAxes(axes, plane);
  const across = axes[others.at(-1) ?? -1];
  const down = axes[others.at(-2) ?? -1];
  if (across === undefined) return undefined;
  const fixed = clampSlice(axes, asked.slice, plane).slice(0, -2);
  const rows = Math.min(mostFacets, down?.size ?? 1);
  const columns = Math.min(mostFacets, across.size);
  const maps = Array.from({ length: rows * columns }, (_, i) => {
    const own = [Math.floor(i / columns), i % columns];
    const slice = down === undefined ? own.slice(1) : [...fixed, ...own];
    return poolMatrix(wholeMatrix(values, slice, plane), facetCells);
  });
  return { down, across, maps: inOneRange(maps), rows, columns };
}

function inOneRange(maps: readonly Matrix[]): readonly Matrix[] {
  const low = Math.min(...maps.map((map) => map.low));
  const high = Math.max(...maps.map((map) => map.high));
  return maps.map((map) => ({ ...map, low, high }));
}

export type TextFormat = 'numpy' | 'markdown' | 'csv';

/** More values than a clipboard is for. */
const mostCopied = 250_000;

/** A slice as text: `np.array([[…]])`, a Markdown table, or CSV; floats round-trip. Undefined where it is too large. */
export async function tensorText(
  trace: Trace,
  asked: SliceRequest & { readonly format: TextFormat },
): Promise<string | undefined> {
  const values = await trace.read(asked.path);
  if (values === undefined) return undefined;
  const matrix = wholeMatrix(values, asked.slice, asked.plane);
  if (matrix.values.length > mostCopied) return undefined;
  return matrixText(matrix, values, asked.format);
}

function matrixText(matrix: Matrix, values: TensorValues, format: TextFormat): string {
  const { size } = matrix.columns;
  const rows = Array.from({ length: matrix.rows.size }, (_, row) =>
    Array.from(matrix.values.subarray(row * size, (row + 1) * size), (value) =>
      format === 'numpy' ? numpyNumber(value) : plainNumber(value),
    ),
  );
  switch (format) {
    case 'csv':
      return rows.map((row) => `${row.join(',')}\n`).join('');
    case 'markdown': {
      const head = ['', ...Array.from({ length: size }, (_, i) => String(i))];
      const body = rows.map((row, i) => [String(i), ...row]);
      const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
      return [line(head), line(head.map(() => '---:')), ...body.map(line)].join('');
    }
    case 'numpy': {
      const inner = rows.map((row) => `[${row.join(', ')}]`).join(',\n          ');
      const dtype = values.info.dtype === 'int' ? 'np.int64' : 'np.float32';
      return `np.array([${inner}], dtype=${dtype})`;
    }
  }
}

/** The shortest text that is read back as the same float32. */
function plainNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  for (let digits = 6; digits <= 9; digits++) {
    const text = String(Number(value.toPrecision(digits)));
    if (Math.fround(Number(text)) === value) return text;
  }
  return String(value);
}

function numpyNumber(value: number): string {
  if (Number.isNaN(value)) return 'np.nan';
  if (Number.isFinite(value)) return plainNumber(value);
  return value > 0 ? 'np.inf' : '-np.inf';
}
