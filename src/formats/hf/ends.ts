/** What stands before and after the layers: embeddings, the last norm, the logits. */
import { t } from '@vscode/l10n';
import { mapNorm } from './attention.ts';
import type { Config } from './config.ts';
import { type Draft, numberText } from './draft.ts';
import type { Norm } from './parts.ts';
import { normCall, writeNormBlock } from './stack.ts';

/** Where the tokens' rows are, and whether the head is the same matrix. */
export interface Table {
  readonly tensor: string;
  readonly tied: boolean;
}

export interface EmbeddingSizes {
  readonly vocabulary: number;
  readonly width: number;
  /** Of a row of the table, where the stream is wider. */
  readonly embedding?: number;
}

/** `input tokens` and `x`, the tokens' rows; declares N, V and d. A table that the head shares is one parameter of the model. */
export function writeEmbedding(draft: Draft, sizes: EmbeddingSizes, table: Table): void {
  draft.dim('N', undefined, 'number of tokens; the input gives it');
  draft.dim('V', sizes.vocabulary, 'vocabulary');
  draft.dim('d', sizes.width, 'width of the residual stream');
  draft.input('tokens: int[N]', 'tokens');
  const narrow = sizes.embedding !== undefined && sizes.embedding !== sizes.width;
  if (narrow) draft.dim('d_embed', sizes.embedding, 'width of the embedding');
  const width = narrow ? 'd_embed' : 'd';
  if (table.tied) writeSharedTable(draft, width, table.tensor);
  draft.statement(`x = ${rowsOf('tokens', width, table)}`);
  if (!table.tied) draft.map('embed.W_E', table.tensor);
}

export function writeSharedTable(draft: Draft, width: string, tensor: string): void {
  draft.statement(`param W_E: [V, ${width}] = normal(std: 0.02)`);
  draft.map('W_E', tensor);
}

function rowsOf(tokens: string, width: string, { tied }: Table): string {
  return tied ? `W_E[${tokens}]` : `Embedding(${tokens}, vocab: V, width: ${width}) as embed`;
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
    `x = x + W_pos[${offset}:N + ${offset}]  // the first rows are for padding`,
  );
  draft.map('W_pos', tensor);
}

export function layerNorm(eps: number): Norm {
  return { block: 'LayerNorm', arguments: eps === 1e-5 ? [] : [`eps: ${numberText(eps)}`] };
}

export function rmsNorm(eps: number, offset = 0): Norm {
  const args = eps === 1e-6 ? [] : [`eps: ${numberText(eps)}`];
  return { block: 'RMSNorm', arguments: offset === 0 ? args : [...args, `offset: ${offset}`] };
}

export function writeLastNorm(draft: Draft, norm: Norm, tensor: string): void {
  writeNormBlock(norm, draft);
  draft.statement(`x = ${normCall(norm, 'x')} as ln_final`);
  mapNorm('ln_final', tensor, norm, draft);
}

export interface Head {
  /** Of a matrix of its own. */
  readonly tensor?: string;
  /** Tensor of a bias. */
  readonly bias?: string | undefined;
  readonly softcap?: number | undefined;
}

/** `output logits`, or the stream where the checkpoint has no head. */
export function writeLogits(config: Config, draft: Draft, table: Table, head: Head = {}): void {
  const { tensor = 'lm_head.weight', softcap } = head;
  if (!table.tied && draft.hasTensor(tensor) === false) {
    config.note(t`The checkpoint has no ${tensor}: the model ends with its last stream.`);
    writeStream(draft);
    return;
  }
  const logits = logitsOf(draft, 'x', table, head);
  if (softcap === undefined) draft.statement(`output logits = ${logits}`);
  else {
    const cap = numberText(softcap);
    draft.statement(`uncapped = ${logits}`, `output logits = ${cap} * tanh(uncapped / ${cap})`);
  }
  draft.generates = true;
  draft.expectations.push('expect logits : [N, V]');
}

/** The model ends with its last stream. */
export function writeStream(draft: Draft): void {
  draft.statement('output y = x');
  draft.expectations.push('expect y : [N, d]');
}

/** The logits of `x`; maps what they need. */
export function logitsOf(
  draft: Draft,
  x: string,
  { tied }: Pick<Table, 'tied'>,
  head: Head = {},
): string {
  const { tensor = 'lm_head.weight', bias } = head;
  if (tied) {
    if (bias === undefined) return `${x} @ W_E.T`;
    draft.statement('param b_U: [V] = zeros');
    draft.map('b_U', bias);
    return `${x} @ W_E.T + b_U`;
  }
  draft.map('unembed.W_U', tensor, '.T');
  if (bias !== undefined) draft.map('unembed.b_U', bias);
  return `Unembed(${x}, vocab: V${bias === undefined ? '' : ', bias: true'}) as unembed`;
}
