/** What stands before and after the layers: embeddings, the last norm, the logits. */
import { t } from '@vscode/l10n';
import { mapNorm } from './attention.ts';
import type { Config } from './config.ts';
import { type Draft, numberText } from './draft.ts';
import type { Norm } from './parts.ts';
import { normCall, writeNormBlock } from './stack.ts';

/** `input tokens` and `x`, the tokens' rows of a table; declares N, V and d. */
export function writeEmbedding(
  draft: Draft,
  sizes: { readonly vocabulary: number; readonly width: number; readonly embedding?: number },
  tensor: string,
): void {
  draft.dim('N', undefined, 'number of tokens; the input gives it');
  draft.dim('V', sizes.vocabulary, 'vocabulary');
  draft.dim('d', sizes.width, 'width of the residual stream');
  draft.input('tokens: int[N]', 'tokens');
  const narrow = sizes.embedding !== undefined && sizes.embedding !== sizes.width;
  if (narrow) draft.dim('d_embed', sizes.embedding, 'width of the embedding');
  draft.statement(`x = Embedding(tokens, vocab: V, width: ${narrow ? 'd_embed' : 'd'}) as embed`);
  draft.map('embed.W_E', tensor);
}

/** Learned positions; `offset` rows of the table come before that of the first token. */
export function writePositions(draft: Draft, longest: number, tensor: string, offset = 0): void {
  draft.dim('context', longest, 'the most tokens that positions exist for');
  if (offset === 0) {
    draft.statement('x = x + LearnedPositions(x, max: context) as positions');
    draft.map('positions.W_pos', tensor);
    return;
  }
  draft.statement(
    `param W_pos: [context + ${offset}, d] = normal(std: 0.02)`,
    `x = x + W_pos[${offset}:N + ${offset}]   // the first rows are for padding`,
  );
  draft.map('W_pos', tensor);
}

export function layerNorm(eps: number): Norm {
  return { block: 'LayerNorm', arguments: [`eps: ${numberText(eps)}`] };
}

export function writeLastNorm(draft: Draft, norm: Norm, tensor: string): void {
  writeNormBlock(norm, draft);
  draft.statement(`x = ${normCall(norm, 'x')} as ln_final`);
  mapNorm('ln_final', tensor, norm, draft);
}

export interface Logits {
  /** The table that is shared where the embedding is tied. */
  readonly embedding: string;
  /** Whether it is, where config.json does not say. */
  readonly tied: boolean;
  readonly head?: string;
  readonly bias?: boolean;
  readonly softcap?: number;
  /** What the stream is multiplied with before. */
  readonly scale?: string;
}

/** `output logits`, or the stream where the checkpoint has no head. */
export function writeLogits(config: Config, draft: Draft, logits: Logits): void {
  const { embedding, bias = false, softcap, scale, head = 'lm_head' } = logits;
  const tied = config.flag('tie_word_embeddings', logits.tied);
  const headless = !tied && draft.hasTensor(`${head}.weight`) === false;
  if (headless) {
    config.note(t`The checkpoint has no ${head}.weight: the model ends with its last stream.`);
    draft.statement('output y = x');
    draft.expectations.push('expect y : [N, d]');
    return;
  }
  const input = scale === undefined ? 'x' : `x * ${scale}`;
  const call = `Unembed(${input}, vocab: V${bias ? ', bias: true' : ''}) as unembed`;
  if (softcap === undefined) draft.statement(`output logits = ${call}`);
  else {
    const cap = numberText(softcap);
    draft.statement(`uncapped = ${call}`, `output logits = ${cap} * tanh(uncapped / ${cap})`);
  }
  draft.generates = true;
  draft.map('unembed.W_U', tied ? embedding : `${head}.weight`, '.T');
  if (bias) draft.map('unembed.b_U', `${head}.bias`);
  draft.expectations.push('expect logits : [N, V]');
}
