/** A decoder from the tokens to the logits: embedding, layers, last norm, head. */
import type { Config } from './config.ts';
import type { Draft } from './draft.ts';
import { type Head, writeEmbedding, writeLastNorm, writeLogits } from './ends.ts';
import type { Stack } from './parts.ts';
import { writeStack } from './stack.ts';

export interface Decoder {
  readonly width: number;
  readonly stack: Stack;
  /** Tensor of the embedding. */
  readonly table: string;
  /** Of a row of the embedding, where the stream is wider. */
  readonly embeddingWidth?: number;
  /** Whether the head is the embedding where config.json does not say. */
  readonly tied: boolean;
  /** What happens between the embedding and the layers. */
  readonly before?: () => void;
  /** Tensor of the last norm, which is that of the layers. */
  readonly lastNorm?: string | undefined;
  /** What happens between the last norm and the head. */
  readonly after?: () => void;
  readonly head?: Head;
}

export function writeDecoder(config: Config, draft: Draft, decoder: Decoder): void {
  const { width, stack, embeddingWidth, lastNorm, before, after } = decoder;
  const tied = config.flag('tie_word_embeddings', decoder.tied);
  const table = { tensor: decoder.table, tied };
  const vocabulary = config.whole('vocab_size');
  writeEmbedding(draft, { vocabulary, width, embedding: embeddingWidth ?? width }, table);
  before?.();
  writeStack(stack, draft);
  if (lastNorm !== undefined) writeLastNorm(draft, stack.norm, lastNorm);
  after?.();
  writeLogits(config, draft, table, decoder.head);
}
