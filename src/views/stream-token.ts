import type { ResidualStream, TensorValues, Trace } from '../trace/index.ts';

/** What one token's place in the stream went through. */
export interface StreamTokenView {
  /** One per step. */
  readonly profile: readonly StepProfile[];
  /** The largest dimensions at the chosen step, by magnitude. */
  readonly top: readonly TopDimension[];
  readonly dimension: DimensionHistory;
}

export interface StepProfile {
  /** Of the stream's vector: Euclidean norm, mean and population variance of its entries. */
  readonly norm: number;
  readonly mean: number;
  readonly variance: number;
  readonly write: WriteProfile | undefined;
}

export interface WriteProfile {
  readonly norm: number;
  /** Its part in the final state: (w·f) / (f·f). Over the input and all writes these add up to 1, where no norm lies between. */
  readonly share: number;
  /** Cosine with the stream before it, and with the final state. */
  readonly cosineBefore: number;
  readonly cosineFinal: number;
}

export interface TopDimension {
  readonly dimension: number;
  readonly value: number;
  /** The step that wrote most into it, up to the chosen one; a norm writes nothing. */
  readonly writer: number;
}

/** One dimension through all steps. */
export interface DimensionHistory {
  readonly dimension: number;
  readonly values: readonly number[];
  /** What each step added; the first one is what came in. */
  readonly changes: readonly number[];
}

const topCount = 8;

interface AskedToken {
  readonly token: number;
  readonly step: number;
  /** The largest one of the chosen step where absent. */
  readonly dimension: number | undefined;
}

/** `values` are the stream's at every step, as wide as `width`; a lost step is NaN throughout. */
export async function streamToken(
  trace: Trace,
  stream: ResidualStream,
  values: readonly (TensorValues | undefined)[],
  width: number,
  asked: AskedToken,
): Promise<StreamTokenView> {
  const rows = values.map((each) => rowOf(each, asked.token, width));
  // The state that the writes add up to: a norm at the end is no part of the sum.
  const end = stream.steps.findLastIndex(({ kind }) => kind === 'write');
  const final = rows.at(end) ?? new Float32Array(width);
  const profile: StepProfile[] = [];
  for (const [index, step] of stream.steps.entries()) {
    const row = rows[index] ?? final;
    const written = step.write === undefined ? undefined : await trace.read(step.write);
    const before = rows[index - 1];
    const write =
      written === undefined || before === undefined
        ? undefined
        : profileOfWrite(rowOf(written, asked.token, width), before, final);
    profile.push({ ...momentsOf(row), write });
  }
  const top = topDimensions(rows, stream, asked.step);
  const dimension = asked.dimension ?? top[0]?.dimension ?? 0;
  return { profile, top, dimension: historyOf(rows, Math.min(dimension, width - 1)) };
}

/** One token's vector, at the first index of leading axes. */
export function rowOf(
  values: TensorValues | undefined,
  token: number,
  width: number,
): Float32Array | Float64Array {
  if (values === undefined || values.info.axes.at(-1)?.size !== width) {
    return new Float32Array(width).fill(Number.NaN);
  }
  return values.data.subarray(token * width, (token + 1) * width);
}

export function normOf(values: ArrayLike<number>): number {
  return Math.sqrt(dot(values, values));
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Number(a[i]) * Number(b[i]);
  return sum;
}

function momentsOf(row: ArrayLike<number>) {
  let sum = 0;
  for (let i = 0; i < row.length; i++) sum += Number(row[i]);
  const mean = sum / row.length;
  let squares = 0;
  for (let i = 0; i < row.length; i++) squares += (Number(row[i]) - mean) ** 2;
  return { norm: normOf(row), mean, variance: squares / row.length };
}

function profileOfWrite(
  write: ArrayLike<number>,
  before: ArrayLike<number>,
  final: ArrayLike<number>,
): WriteProfile {
  const norm = normOf(write);
  return {
    norm,
    share: dot(write, final) / dot(final, final),
    cosineBefore: dot(write, before) / (norm * normOf(before)),
    cosineFinal: dot(write, final) / (norm * normOf(final)),
  };
}

function topDimensions(
  rows: readonly ArrayLike<number>[],
  { steps }: ResidualStream,
  step: number,
): readonly TopDimension[] {
  const row = rows[step] ?? [];
  return Array.from({ length: row.length }, (_, dimension) => dimension)
    .filter((dimension) => Number.isFinite(row[dimension]))
    .sort((a, b) => Math.abs(row[b] ?? 0) - Math.abs(row[a] ?? 0))
    .slice(0, topCount)
    .map((dimension) => {
      const { changes } = historyOf(rows, dimension);
      let writer = 0;
      for (let i = 0; i <= step; i++) {
        if (steps[i]?.kind === 'norm') continue;
        if (Math.abs(changes[i] ?? 0) > Math.abs(changes[writer] ?? 0)) writer = i;
      }
      return { dimension, value: row[dimension] ?? 0, writer };
    });
}

function historyOf(rows: readonly ArrayLike<number>[], dimension: number): DimensionHistory {
  const values = rows.map((row) => Number(row[dimension]));
  const changes = values.map((value, step) => value - (step === 0 ? 0 : (values[step - 1] ?? 0)));
  return { dimension, values, changes };
}
