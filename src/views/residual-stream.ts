import type {
  ResidualStream,
  SourceRange,
  StreamStep,
  TensorValues,
  Trace,
} from '../trace/index.ts';
import { type Matrix, type MatrixAxis, matrixOf } from './matrix.ts';
import { once } from './once.ts';
import { poolMatrix } from './pool.ts';
import { normOf, rowOf, type StreamTokenView, streamToken } from './stream-token.ts';
import { clampIndex, largestMap } from './tensor-matrix.ts';
import { tokenLabels } from './tokens.ts';

/** The residual stream of a block or model. */
export interface ResidualStreamView {
  readonly steps: readonly StreamStepView[];
  /** Labels of the tokens (their text, else their index). */
  readonly tokens: readonly string[];
  readonly width: number;
  readonly step: number;
  readonly token: number;
  /** steps × width for the chosen token. */
  readonly byToken: Matrix;
  /** tokens × width for the chosen step. */
  readonly byStep: Matrix;
  /** steps × tokens: the Euclidean norm of the stream. */
  readonly norms: Matrix;
  /** The chosen token at the chosen step. */
  readonly chosen: StreamTokenView;
}

export interface StreamStepView {
  readonly path: string;
  /** `resid_pre`, or the path where the literature has no name. */
  readonly label: string;
  readonly kind: 'input' | 'write' | 'norm' | 'output';
  readonly write: string | undefined;
  readonly layer: number | undefined;
  /** Mean over tokens of the norm of the stream here. */
  readonly norm: number;
  /** Mean over tokens of the norm of what was added here; undefined where nothing was. */
  readonly writeNorm: number | undefined;
  readonly source: SourceRange;
}

export interface StreamRequest {
  readonly stream: number;
  readonly step: number;
  readonly token: number;
  /** The dimension to follow; the largest of that step and token where absent. */
  readonly dimension?: number;
}

/**
 * A stream of the trace, seen at one step and one token; indices are made to fit. Values are [..., N, d], leading axes
 * at their first index; a step whose values are lost or have another width shows NaN. Undefined where the trace has no
 * stream or none of its values.
 */
export async function residualStreamView(
  trace: Trace,
  asked: StreamRequest,
): Promise<ResidualStreamView | undefined> {
  const index = clampIndex(asked.stream, trace.streams.length);
  const stream = trace.streams[index];
  if (stream === undefined) return undefined;
  const values = await Promise.all(stream.steps.map((step) => trace.read(step.path)));
  const first = values.find((each) => each !== undefined);
  if (first === undefined) return undefined;
  const tokens = await tokenLabels(trace, first.info.axes.at(-2)?.size ?? 1);
  const step = clampIndex(asked.step, stream.steps.length);
  const token = clampIndex(asked.token, tokens.length);
  const width = first.info.axes.at(-1)?.size ?? 1;
  const table = new StreamTable(stream, values, tokens, {
    name: first.info.axes.at(-1)?.name ?? '',
    size: width,
    labels: undefined,
  });
  return {
    steps: await stepViews(trace, String(index)),
    tokens,
    width,
    step,
    token,
    byToken: table.byToken(token),
    byStep: table.byStep(step),
    norms: table.norms(),
    chosen: await streamToken(trace, stream, values, width, {
      token,
      step,
      dimension: asked.dimension,
    }),
  };
}

/** The values of all steps, read by step and token. */
class StreamTable {
  readonly #values: readonly (TensorValues | undefined)[];
  readonly #steps: MatrixAxis;
  readonly #tokens: MatrixAxis;
  readonly #width: MatrixAxis;

  constructor(
    stream: ResidualStream,
    values: readonly (TensorValues | undefined)[],
    tokens: readonly string[],
    width: MatrixAxis,
  ) {
    const named = values.find((each) => each !== undefined)?.info.axes.at(-2)?.name;
    this.#values = values;
    this.#steps = { name: 'step', size: values.length, labels: stream.steps.map(rowLabel) };
    this.#tokens = { name: named ?? 'token', size: tokens.length, labels: tokens };
    this.#width = width;
  }

  byToken(token: number): Matrix {
    const rows = this.#values.map((values) => this.#row(values, token));
    return this.#stack(this.#steps, rows);
  }

  byStep(step: number): Matrix {
    const rows = Array.from({ length: this.#tokens.size }, (_, token) =>
      this.#row(this.#values[step], token),
    );
    return this.#stack(this.#tokens, rows);
  }

  norms(): Matrix {
    const norms = this.#values.flatMap((values) =>
      Array.from({ length: this.#tokens.size }, (_, token) => normOf(this.#row(values, token))),
    );
    const whole = matrixOf({
      rows: this.#steps,
      columns: this.#tokens,
      values: Float32Array.from(norms),
      scale: 'sequential',
    });
    return poolMatrix(whole, { rows: this.#steps.size, columns: largestMap.columns });
  }

  #row(values: TensorValues | undefined, token: number): ArrayLike<number> {
    return rowOf(values, token, this.#width.size);
  }

  /** Rows put together as a matrix; each row is as wide as the stream. */
  #stack(rows: MatrixAxis, lines: readonly ArrayLike<number>[]): Matrix {
    const values = new Float32Array(lines.length * this.#width.size);
    for (const [index, line] of lines.entries()) values.set(line, index * this.#width.size);
    const whole = matrixOf({ rows, columns: this.#width, values, scale: 'diverging' });
    // Steps are few, and each is read by its name.
    const most = rows === this.#steps ? rows.size : largestMap.rows;
    return poolMatrix(whole, { rows: most, columns: largestMap.columns });
  }
}

/** The layer's index and the name that the literature has for the step; else the path itself. */
function rowLabel(step: StreamStep): string {
  if (step.hook === undefined) return step.path;
  return step.layer === undefined ? step.hook : `${step.layer} ${step.hook}`;
}

/** Once for each stream: means over all tokens. */
const stepViews = once(async (trace: Trace, index: string): Promise<readonly StreamStepView[]> => {
  const steps = trace.streams[Number(index)]?.steps ?? [];
  const views: StreamStepView[] = [];
  for (const step of steps) {
    const write = step.write === undefined ? undefined : await trace.read(step.write);
    views.push({
      path: step.path,
      label: step.hook ?? step.path,
      kind: step.kind,
      write: step.write,
      layer: step.layer,
      norm: meanNorm(await trace.read(step.path)),
      writeNorm: write === undefined ? undefined : meanNorm(write),
      source: sourceOf(trace, step.path),
    });
  }
  return views;
});

/** The mean norms of the stream and of what was written at each step; undefined where there is no such stream. */
export async function streamSizes(
  trace: Trace,
  index: number,
): Promise<readonly Pick<StreamStepView, 'norm' | 'writeNorm'>[] | undefined> {
  return trace.streams[index] === undefined ? undefined : stepViews(trace, String(index));
}

/** Mean over all tokens of the norm along the last axis; NaN where the values are lost. */
function meanNorm(values: TensorValues | undefined): number {
  const width = values?.info.axes.at(-1)?.size ?? 0;
  if (values === undefined || width === 0) return Number.NaN;
  let sum = 0;
  for (let start = 0; start < values.data.length; start += width) {
    sum += normOf(values.data.subarray(start, start + width));
  }
  return sum / (values.data.length / width);
}

function sourceOf(trace: Trace, path: string): SourceRange {
  const info = trace.tensors.get(trace.aliases.get(path) ?? path);
  return info?.source ?? { uri: trace.program, start: 0, end: 0 };
}
