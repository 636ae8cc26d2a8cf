import { t } from '@vscode/l10n';
import type { Trace } from '../trace/index.ts';
import { readPattern } from './attention-map.ts';
import { findReadout, type Readout } from './readout.ts';
import { rowOf } from './stream-token.ts';
import { operationOf, readerOf } from './structure.ts';
import { clampIndex } from './tensor-matrix.ts';

/**
 * Direct logit attribution: how much of one token's logit each write put there, with the final norm's scale held as it
 * was (Elhage et al. 2021; as TransformerLens does).
 */
export interface AttributionView {
  readonly position: number;
  readonly id: number;
  readonly logit: number;
  readonly parts: readonly AttributionPart[];
  /** What no write made: the biases of the final norm and of the unembedding. */
  readonly rest: number;
}

export interface AttributionPart {
  /** The stream's step. */
  readonly step: number;
  readonly path: string;
  readonly label: string;
  readonly amount: number;
  /** The heads of an attention write; what they leave over is its bias. */
  readonly heads: readonly number[];
}

/** Why there is no attribution, where there is none. */
export type AttributionResult = AttributionView | { readonly none: string };

export async function attributionView(
  trace: Trace,
  asked: { readonly position: number; readonly id: number },
): Promise<AttributionResult> {
  const readout = findReadout(trace);
  if (readout === undefined) return { none: t`This run has no logits.` };
  const direction = await directionOf(trace, readout, asked.id);
  if (direction === undefined) {
    return { none: t`The logits are no plain product of the last state with a matrix.` };
  }
  const position = clampIndex(asked.position, readout.positions);
  const end = rowOf(await trace.read(readout.final), position, readout.width);
  if (!end.every(Number.isFinite)) {
    return { none: t`The state that the logits are made of has values that are not finite.` };
  }
  const frozen = await frozenNorm(trace, readout, position);
  if (frozen === undefined) {
    return {
      none: t`What lies between the last write and the unembedding is no norm of each row.`,
    };
  }
  const logits = rowOf(await trace.read(readout.logits), position, readout.vocabulary);
  const logit = logits[asked.id] ?? Number.NaN;
  const weigh = (row: ArrayLike<number>) => dot(frozen(row), direction);
  const parts = await partsOf(trace, readout, position, weigh);
  const rest = logit - parts.reduce((sum, { amount }) => sum + amount, 0);
  return { position, id: asked.id, logit, parts, rest };
}

/** The column of the unembedding for a token: logits = state · W (+ b), nothing else in between. */
async function directionOf(
  trace: Trace,
  { final, logits, width, vocabulary }: Readout,
  id: number,
): Promise<Float64Array | undefined> {
  const { operations } = trace;
  const state = operationOf(trace, final);
  const product =
    state === undefined ? undefined : readerOf(operations, state, 'matrix product', 0);
  const right = product === undefined ? undefined : operations[product]?.operands[1];
  const end = operationOf(trace, logits);
  const axes = right === undefined ? [] : (operations[right]?.axes ?? []);
  if (right === undefined || axes.length !== 2 || axes[0]?.size !== width) return undefined;
  const biased = operations[end ?? -1];
  const isBiased = biased?.role === 'addition' && biased.operands.includes(product ?? -1);
  if (end !== product && !isBiased) return undefined;
  const matrix = await trace.readOperation(right);
  if (matrix === undefined) return undefined;
  return Float64Array.from({ length: width }, (_, i) => matrix[i * vocabulary + id] ?? 0);
}

/**
 * The final norm as a linear map of what was written, with its scale as it is at this position. The norm is known only
 * by what it does: rows of known numbers are sent through it to find its offset, its gains, and whether it centres.
 * Undefined where it is no such norm: it then does not give back its own result.
 */
async function frozenNorm(
  trace: Trace,
  readout: Readout,
  position: number,
): Promise<((row: ArrayLike<number>) => Float64Array) | undefined> {
  const { stream, lastWrite, final, width } = readout;
  const from = stream.steps[lastWrite]?.path ?? final;
  if (from === final) return (row) => Float64Array.from(row);
  const state = rowOf(await trace.read(from), position, width);
  const probe = Float64Array.from(
    { length: width },
    (_, i) => (i % 2 === 0 ? 1 : -1) * (1 + i / width),
  );
  const raised = probe.map((each) => each + 1);
  const rows = [new Float64Array(width), probe, raised, Float64Array.from(state)];
  const sent = new Float64Array(rows.length * width);
  for (const [i, row] of rows.entries()) sent.set(row, i * width);
  const back = await trace.replay(from, final, sent, rows.length);
  if (back === undefined) return undefined;
  const [offset, probed, probedRaised, result] = rows.map((_, i) =>
    back.subarray(i * width, (i + 1) * width),
  );
  if (!offset || !probed || !probedRaised || !result) return undefined;
  const centres = probed.every((each, i) => Math.abs(each - (probedRaised[i] ?? 0)) < 1e-6);
  const centred = (row: ArrayLike<number>) => {
    const mean = centres ? sum(row) / width : 0;
    return Float64Array.from(row, (each) => each - mean);
  };
  const gains = centred(probe).map((each, i) => ((probed[i] ?? 0) - (offset[i] ?? 0)) / each);
  const shaped = centred(state).map((each, i) => each * (gains[i] ?? 0));
  const wanted = result.map((each, i) => each - (offset[i] ?? 0));
  const scale = dot(wanted, shaped) / dot(shaped, shaped);
  const isNorm = wanted.every((each, i) => Math.abs(each - scale * (shaped[i] ?? 0)) < 1e-5);
  if (!isNorm) return undefined;
  return (row) => centred(row).map((each, i) => each * (gains[i] ?? 0) * scale);
}

/** Since the last norm on the trunk: what came in there, and every write after it. */
async function partsOf(
  trace: Trace,
  { stream, lastWrite, width }: Readout,
  position: number,
  weigh: (row: ArrayLike<number>) => number,
): Promise<readonly AttributionPart[]> {
  const start = Math.max(
    0,
    stream.steps.findLastIndex(({ kind }, i) => kind === 'norm' && i < lastWrite),
  );
  const parts: AttributionPart[] = [];
  for (const [step, { path, write, hook }] of stream.steps.entries()) {
    if (step < start || step > lastWrite) continue;
    const from = step === start ? path : (write ?? path);
    const row = rowOf(await trace.read(from), position, width);
    const heads = step === start ? [] : await headsOf(trace, from, position, weigh);
    const label = step === start ? (hook ?? path) : from;
    parts.push({ step, path: from, label, amount: weigh(row), heads });
  }
  return parts;
}

/** Each head alone on its way into the write, the others at zero. */
async function headsOf(
  trace: Trace,
  write: string,
  position: number,
  weigh: (row: ArrayLike<number>) => number,
): Promise<readonly number[]> {
  const scope = write.split('.').slice(0, -1).join('.');
  const pattern = trace.patterns.findIndex((each) => each.scope === scope);
  const found = await readPattern(trace, pattern);
  const index = found && operationOf(trace, found.pattern.path);
  const mixed =
    index === undefined ? undefined : readerOf(trace.operations, index, 'matrix product', 0);
  const z = mixed === undefined ? undefined : trace.operations[mixed];
  const values = mixed === undefined ? undefined : await trace.readOperation(mixed);
  if (found === undefined || z?.path === undefined || values === undefined) return [];
  const { heads, queries } = found;
  const inner = z.axes.at(-1)?.size ?? 0;
  // A row for each head with the others at zero, and one of zeros: axes [heads, rows, inner].
  const rows = heads + 1;
  const alone = new Float64Array(heads * rows * inner);
  for (let head = 0; head < heads; head++) {
    const start = (head * queries + position) * inner;
    alone.set(values.subarray(start, start + inner), (head * rows + head) * inner);
  }
  const written = await trace.replay(z.path, write, alone, rows);
  if (written === undefined) return [];
  const width = written.length / rows;
  const rowAt = (row: number) => written.subarray(row * width, (row + 1) * width);
  const silent = rowAt(heads);
  return Array.from({ length: heads }, (_, head) =>
    weigh(rowAt(head).map((each, i) => each - (silent[i] ?? 0))),
  );
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += (a[i] ?? 0) * (b[i] ?? 0);
  return total;
}

function sum(row: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < row.length; i++) total += row[i] ?? 0;
  return total;
}
