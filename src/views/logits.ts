import type { SourceRange, Trace } from '../trace/index.ts';
import {
  findReadout,
  mostLikely,
  type Readout,
  rankOf,
  readFrom,
  vocabularyText,
} from './readout.ts';
import { rowOf } from './stream-token.ts';
import { clampIndex } from './tensor-matrix.ts';
import { tokenLabels } from './tokens.ts';

/** What the run predicts at every position. */
export interface LogitsView {
  readonly path: string;
  readonly source: SourceRange;
  readonly vocabulary: number;
  /** Labels of the positions. */
  readonly tokens: readonly string[];
  /** The chosen position. */
  readonly position: number;
  /** The chosen token of the vocabulary, and how it is written. */
  readonly id: number;
  readonly text: string;
  /** For each position the most likely tokens. */
  readonly top: readonly (readonly Prediction[])[];
  /** The chosen token's probability at each position, and its rank (0 is the most likely). */
  readonly probabilities: Float32Array;
  readonly ranks: Int32Array;
  /** Values that one position of the logit lens costs: steps × width × vocabulary. */
  readonly lensCost: number;
}

export interface Prediction {
  readonly id: number;
  readonly text: string;
  readonly logit: number;
  readonly probability: number;
}

export interface LogitsRequest {
  readonly position: number;
  /** A token of the vocabulary; the most likely one at the position where absent. */
  readonly id?: number;
}

const topCount = 5;

/** Undefined where the run has no logits. */
export async function logitsView(
  trace: Trace,
  asked: LogitsRequest,
): Promise<LogitsView | undefined> {
  const readout = findReadout(trace);
  const values = readout && (await trace.read(readout.logits));
  if (readout === undefined || values === undefined) return undefined;
  const { vocabulary, positions, stream, width } = readout;
  const rows = Array.from({ length: positions }, (_, i) => rowOf(values, i, vocabulary));
  const textOf = await vocabularyText(trace);
  const position = clampIndex(asked.position, positions);
  const best = rows.map((row) => mostLikely(row, topCount));
  const id = clampIndex(asked.id ?? best[position]?.ids[0] ?? 0, vocabulary);
  return {
    path: readout.logits,
    source: values.info.source,
    vocabulary,
    tokens: tokenLabels(trace, positions),
    position,
    id,
    text: textOf(id),
    top: best.map(({ ids, probabilities }, at) =>
      ids.map((each, i) => ({
        id: each,
        text: textOf(each),
        logit: rows[at]?.[each] ?? Number.NaN,
        probability: probabilities[i] ?? 0,
      })),
    ),
    probabilities: Float32Array.from(rows, (row, at) =>
      Math.exp((row[id] ?? Number.NaN) - (best[at]?.logSum ?? 0)),
    ),
    ranks: Int32Array.from(rows, (row) => rankOf(row, id)),
    lensCost: stream.steps.length * width * vocabulary,
  };
}

/** The stream after every step through the final norm and the unembedding (nostalgebraist 2020), at some positions. */
export interface LensView {
  readonly positions: readonly number[];
  readonly steps: readonly LensStep[];
  /** Row-major steps × positions. */
  readonly cells: readonly LensCell[];
}

export interface LensStep {
  readonly path: string;
  readonly label: string;
  readonly layer: number | undefined;
}

export interface LensCell {
  /** The most likely token there. */
  readonly id: number;
  readonly text: string;
  readonly probability: number;
  /** Of the chosen token. */
  readonly chosen: number;
  readonly rank: number;
}

/** Undefined where the run has no logits, or what makes them does not go position by position. */
export async function lensView(
  trace: Trace,
  asked: { readonly positions: readonly number[]; readonly id: number },
): Promise<LensView | undefined> {
  const readout = findReadout(trace);
  if (readout === undefined) return undefined;
  const positions = asked.positions.map((each) => clampIndex(each, readout.positions));
  const textOf = await vocabularyText(trace);
  const cells: LensCell[] = [];
  for (const step of readout.stream.steps.keys()) {
    const logits = await logitsAfter(trace, readout, step, positions);
    if (logits === undefined) return undefined;
    for (const row of logits) {
      const { ids, probabilities, logSum } = mostLikely(row, 1);
      const [id = 0] = ids;
      cells.push({
        id,
        text: textOf(id),
        probability: probabilities[0] ?? Number.NaN,
        chosen: Math.exp((row[asked.id] ?? Number.NaN) - logSum),
        rank: rankOf(row, asked.id),
      });
    }
  }
  const steps = readout.stream.steps.map(({ path, hook, layer }) => ({
    path,
    label: hook ?? path,
    layer,
  }));
  return { positions, steps, cells };
}

/** A row of logits for each position, as if the model ended after this step. */
async function logitsAfter(
  trace: Trace,
  readout: Readout,
  step: number,
  positions: readonly number[],
): Promise<readonly Float64Array[] | undefined> {
  const { width, vocabulary, stream } = readout;
  const state = await trace.read(stream.steps[step]?.path ?? '');
  const rows = new Float64Array(positions.length * width);
  for (const [i, position] of positions.entries())
    rows.set(rowOf(state, position, width), i * width);
  const from = readFrom(readout, step);
  const logits = await trace.replay(from, readout.logits, rows, positions.length);
  return logits && positions.map((_, i) => logits.subarray(i * vocabulary, (i + 1) * vocabulary));
}
