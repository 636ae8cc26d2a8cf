import type { Trace } from '../trace/index.ts';
import { visibleToken } from './tokens.ts';

/** Generated tokens, each with what else was probable in its place. */
export interface GenerationView {
  /** How many tokens the prompt has. */
  readonly prompt: number;
  /** The prompt and the new tokens, as text where the run knows it. */
  readonly tokens: readonly string[];
  /** Whether they are text, spaces included, and not ids. */
  readonly isText: boolean;
  readonly steps: readonly GenerationStepView[];
  /** Whether a step computed one position or all of them, and why. */
  readonly reason: string;
}

export interface GenerationStepView {
  /** Of the position whose logits chose it: the one before its own. */
  readonly from: number;
  /** With white space made visible, as the candidates' texts. */
  readonly text: string;
  /** Softmax over the whole vocabulary. */
  readonly probability: number;
  /** What it was drawn with. */
  readonly chance: number;
  readonly candidates: readonly { readonly text: string; readonly probability: number }[];
}

/** Undefined where the run generates nothing. */
export function generationView({
  generation,
}: Pick<Trace, 'generation'>): GenerationView | undefined {
  if (generation === undefined) return undefined;
  const { prompt, steps, texts, reason } = generation;
  const ids = [...prompt, ...steps.map(({ token }) => token)];
  const textOf = (id: number) => texts?.get(id) ?? String(id);
  const labelOf = (id: number) => visibleToken(textOf(id));
  return {
    prompt: prompt.length,
    tokens: ids.map(textOf),
    isText: texts !== undefined,
    reason,
    steps: steps.map(({ token, probability, chance, candidates }, i) => ({
      ...{ from: prompt.length - 1 + i, text: labelOf(token), probability, chance },
      candidates: candidates.map((each) => ({
        text: labelOf(each.token),
        probability: each.probability,
      })),
    })),
  };
}
