import type { SourceRange, Trace } from '../trace/index.ts';
import { numberText } from './number-text.ts';
import { once } from './once.ts';
import {
  findReadout,
  mostLikely,
  type Readout,
  rankOf,
  readFrom,
  vocabularyTexts,
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
  const found = await predictions(trace, '');
  if (found === undefined) return undefined;
  const { readout, rows, best, source } = found;
  const { vocabulary, positions, stream, width } = readout;
  const textOf = await vocabularyTexts(trace);
  const position = clampIndex(asked.position, positions);
  const id = clampIndex(asked.id ?? best[position]?.ids[0] ?? 0, vocabulary);
  return {
    path: readout.logits,
    source,
    vocabulary,
    tokens: await tokenLabels(trace, positions),
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

/** The rows of logits with what is most likely in each: the same whatever is asked about them. */
const predictions = once(async (trace: Trace) => {
  const readout = findReadout(trace);
  const values = readout && (await trace.read(readout.logits));
  if (readout === undefined || values === undefined) return undefined;
  const { vocabulary, positions } = readout;
  const rows = Array.from({ length: positions }, (_, i) => rowOf(values, i, vocabulary));
  const best = rows.map((row) => mostLikely(row, topCount));
  return { readout, rows, best, source: values.info.source };
});

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
  /** The most likely token there; none where no logit is finite. */
  readonly id: number | undefined;
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
  const textOf = await vocabularyTexts(trace);
  const { steps } = readout.stream;
  const cells: LensCell[] = new Array(steps.length * positions.length);
  // All that goes through the final norm together, and what is normalised already.
  for (const isNormed of [false, true]) {
    const chosen = [...steps.keys()].filter((step) => (steps[step]?.kind === 'norm') === isNormed);
    const logits = await logitsAfter(trace, readout, chosen, positions);
    if (logits === undefined) return undefined;
    for (const [i, row] of logits.entries()) {
      const step = chosen[Math.floor(i / positions.length)] ?? 0;
      cells[step * positions.length + (i % positions.length)] = lensCell(row, asked.id, textOf);
    }
  }
  return {
    positions,
    steps: steps.map(({ path, hook, layer }) => ({ path, label: hook ?? path, layer })),
    cells,
  };
}

function lensCell(row: ArrayLike<number>, asked: number, textOf: (id: number) => string): LensCell {
  const { ids, probabilities, logSum } = mostLikely(row, 1);
  const [id] = ids;
  return {
    id,
    text: id === undefined ? numberText(Number.NaN) : textOf(id),
    probability: probabilities[0] ?? Number.NaN,
    chosen: Math.exp((row[asked] ?? Number.NaN) - logSum),
    rank: rankOf(row, asked),
  };
}

/** Rows of logits, steps × positions, as if the model ended after each of these steps. */
async function logitsAfter(
  trace: Trace,
  readout: Readout,
  steps: readonly number[],
  positions: readonly number[],
): Promise<readonly ArrayLike<number>[] | undefined> {
  const [first] = steps;
  if (first === undefined) return [];
  const { width, vocabulary, stream } = readout;
  const count = steps.length * positions.length;
  const rows = new Float32Array(count * width);
  let at = 0;
  for (const step of steps) {
    const state = await trace.read(stream.steps[step]?.path ?? '');
    for (const position of positions) rows.set(rowOf(state, position, width), width * at++);
  }
  const logits = await trace.replay(readFrom(readout, first), readout.logits, rows, count);
  return (
    logits &&
    Array.from({ length: count }, (_, i) => logits.subarray(i * vocabulary, (i + 1) * vocabulary))
  );
}
