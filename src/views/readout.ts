import type { ResidualStream, Trace } from '../trace/index.ts';
import { tokenIds } from './head-scores.ts';
import { once } from './once.ts';
import { operationOf } from './structure.ts';
import { tokenName, visibleToken } from './tokens.ts';

/** How a run reads logits from its stream: found on the operations, never by names. */
export interface Readout {
  readonly stream: ResidualStream;
  /** The last step that something was written into. */
  readonly lastWrite: number;
  /** The state that the unembedding reads: after the final norm, where there is one. */
  readonly final: string;
  readonly logits: string;
  readonly vocabulary: number;
  readonly positions: number;
  readonly width: number;
}

/**
 * The first output that a matrix product made from the end of a stream, with an axis of its own. Undefined where no
 * output is one: a block has no logits.
 */
export function findReadout(trace: Trace): Readout | undefined {
  for (const stream of trace.streams) {
    const final = stream.steps.at(-1)?.path;
    const end = final === undefined ? undefined : operationOf(trace, final);
    if (final === undefined || end === undefined) continue;
    const axes = trace.operations[end]?.axes ?? [];
    for (const output of trace.outputs) {
      const logits = beforeSoftmax(trace, output);
      if (logits === undefined || !readsByProduct(trace, logits, end)) continue;
      const vocabulary = trace.operations[logits]?.axes.at(-1)?.size ?? 0;
      return {
        stream,
        lastWrite: stream.steps.findLastIndex(({ kind }) => kind === 'write'),
        final,
        logits: trace.operations[logits]?.path ?? output,
        vocabulary,
        positions: axes.at(-2)?.size ?? 1,
        width: axes.at(-1)?.size ?? 1,
      };
    }
  }
  return undefined;
}

/** The values that a softmax at the end was given; the output itself where none is. */
function beforeSoftmax(trace: Trace, output: string): number | undefined {
  const index = operationOf(trace, output);
  const operation = index === undefined ? undefined : trace.operations[index];
  return operation?.role === 'softmax' ? operation.operands[0] : index;
}

function readsByProduct(trace: Trace, logits: number, state: number): boolean {
  const stack = [{ at: logits, hasProduct: false }];
  const seen = new Set<number>();
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    if (top.at === state) {
      if (top.hasProduct) return true;
      continue;
    }
    if (top.at < state || seen.has(top.at)) continue;
    seen.add(top.at);
    const { role, operands = [] } = trace.operations[top.at] ?? {};
    const hasProduct = top.hasProduct || role === 'matrix product';
    for (const at of operands) stack.push({ at, hasProduct });
  }
  return false;
}

/** The state that a step is read out from: a step before the final norm goes through it, a normalised one does not. */
export function readFrom({ stream, lastWrite, final }: Readout, step: number): string {
  const isNormed = stream.steps[step]?.kind === 'norm';
  return isNormed ? final : (stream.steps[lastWrite]?.path ?? final);
}

/** How a token of the vocabulary is written: as text where the run has it or a tokenizer, else as `#id`. */
export async function vocabularyTexts(trace: Trace): Promise<(id: number) => string> {
  const known = await knownTexts(trace, '');
  return (id) => {
    const text = known.get(id);
    if (text !== undefined) return text;
    const decoded = trace.textsOf?.([id])?.[0];
    return decoded === undefined ? tokenName(id) : visibleToken(decoded);
  };
}

const knownTexts = once(async (trace: Trace): Promise<ReadonlyMap<number, string>> => {
  const { tokens = [] } = trace;
  const ids = await tokenIds(trace, tokens.length);
  return new Map(tokens.map((text, i) => [ids?.[i] ?? -1, visibleToken(text)]));
});

/** Softmax of one row of logits, and what is most likely. */
export interface Distribution {
  readonly ids: readonly number[];
  readonly probabilities: readonly number[];
  /** In nats; probabilities of any token are exp(logit − this). */
  readonly logSum: number;
}

/**
 * The `count` most likely tokens of a row, the first one first; infinities and NaN are never among them. Where there is
 * a NaN or +∞ softmax has no sum, and so no probability is a number.
 */
export function mostLikely(row: ArrayLike<number>, count: number): Distribution {
  const best: number[] = [];
  let most = Number.NEGATIVE_INFINITY;
  for (let id = 0; id < row.length; id++) {
    const logit = row[id] ?? Number.NaN;
    if (!Number.isFinite(logit)) continue;
    if (logit > most) most = logit;
    const last = best[count - 1];
    if (last !== undefined && (row[last] ?? 0) >= logit) continue;
    let place = best.length;
    while (place > 0 && (row[best[place - 1] ?? 0] ?? 0) < logit) place--;
    best.splice(place, 0, id);
    if (best.length > count) best.pop();
  }
  let sum = 0;
  for (let id = 0; id < row.length; id++) {
    sum += Math.exp((row[id] ?? Number.NaN) - most);
  }
  const logSum = most + Math.log(sum);
  return { ids: best, probabilities: best.map((id) => Math.exp((row[id] ?? 0) - logSum)), logSum };
}

/** How many tokens are more likely than this one. */
export function rankOf(row: ArrayLike<number>, id: number): number {
  const logit = row[id] ?? Number.NaN;
  let rank = 0;
  for (let other = 0; other < row.length; other++) if ((row[other] ?? 0) > logit) rank++;
  return rank;
}
