/** The next token from its logits: greedy, or drawn after temperature, top-k and top-p (Holtzman et al. 2020). */
import type { Generation } from '../shapes/index.ts';
import type { TokenChoice } from '../trace/index.ts';

/** How many of the most probable tokens a step remembers. */
const candidatesKept = 10;

/**
 * @param logits of the whole vocabulary, W·r + b
 * @param uniform draws from [0, 1); not called where the choice is greedy
 */
export function chooseToken(
  logits: ArrayLike<number>,
  generation: Pick<Generation, 'temperature' | 'topK' | 'topP'>,
  uniform: () => number,
): TokenChoice {
  const probabilities = softmax(Float64Array.from(logits));
  const order = orderByProbability(probabilities);
  const chances =
    generation.temperature === 0
      ? undefined
      : samplingChances(Float64Array.from(logits), order, generation);
  const token = chances === undefined ? (order[0] ?? 0) : drawn(chances, order, uniform());
  const entry = (id: number) => ({ token: id, probability: probabilities[id] ?? 0 });
  return {
    ...entry(token),
    chance: chances === undefined ? 1 : (chances[token] ?? 0),
    candidates: [...order.subarray(0, candidatesKept)].map(entry),
  };
}

/** What each token is drawn with: temperature, then top-k (with its ties), then top-p, as in Hugging Face's order. */
export function samplingChances(
  logits: Float64Array,
  order: Uint32Array,
  { temperature, topK, topP }: Pick<Generation, 'temperature' | 'topK' | 'topP'>,
): Float64Array {
  const scaled = logits.map((logit) => logit / temperature);
  if (topK !== undefined) {
    const least = scaled[order[Math.min(topK, order.length) - 1] ?? 0] ?? Number.NEGATIVE_INFINITY;
    for (const [id, value] of scaled.entries()) {
      if (value < least) scaled[id] = Number.NEGATIVE_INFINITY;
    }
  }
  if (topP !== undefined) {
    const chances = softmax(scaled);
    let before = 0;
    for (const id of order) {
      if (before >= topP) scaled[id] = Number.NEGATIVE_INFINITY;
      before += chances[id] ?? 0;
    }
  }
  return softmax(scaled);
}

/** Most probable first; of equals the first in the vocabulary. */
export function orderByProbability(values: Float64Array): Uint32Array {
  return Uint32Array.from(values.keys()).sort(
    (a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b,
  );
}

function drawn(chances: Float64Array, order: Uint32Array, uniform: number): number {
  let reached = 0;
  let last = order[0] ?? 0;
  for (const id of order) {
    const chance = chances[id] ?? 0;
    if (chance === 0) continue;
    reached += chance;
    last = id;
    if (uniform < reached) break;
  }
  return last;
}

function softmax(logits: Float64Array): Float64Array {
  const most = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const powers = logits.map((logit) => Math.exp(logit - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}
