/** BERT's shape: learned positions, a norm of the embedding, norms after each addition, a head that fills in masks. */
import { t } from '@vscode/l10n';
import { activationOf } from './activations.ts';
import { mapNorm } from './attention.ts';
import type { Config } from './config.ts';
import type { Draft } from './draft.ts';
import {
  layerNorm,
  logitsOf,
  type Table,
  writeEmbedding,
  writePositions,
  writeStream,
} from './ends.ts';
import type { Attention, FeedForward, Norm } from './parts.ts';
import { normCall, writeStack } from './stack.ts';

export interface Encoder {
  readonly model: string;
  readonly width: number;
  readonly heads: number;
  readonly layers: number;
  readonly hidden: number;
  readonly activation: string;
  readonly eps: number;
  /** Rows of the table of positions that come before that of the first token. */
  readonly positionOffset: number;
  /** Kinds of segments that a token can belong to; 0 for a model without them. */
  readonly segments: number;
  readonly names: EncoderNames;
}

export interface EncoderNames {
  /** `bert.embeddings.`. */
  readonly embeddings: string;
  readonly layer: string;
  readonly projections: Attention['projections'];
  readonly out: string;
  readonly norms: readonly string[];
  readonly up: string;
  readonly down: string;
  readonly head: {
    readonly dense: string;
    readonly norm: string;
    readonly bias: string;
  };
}

export function writeEncoder(config: Config, draft: Draft, encoder: Encoder): void {
  const { width, heads, names } = encoder;
  const norm = layerNorm(encoder.eps);
  const table = tableOf(config, draft, names);
  config.refuse(config.flag('is_decoder', false), t`is_decoder is not known here.`);
  writeEmbedding(draft, { vocabulary: config.whole('vocab_size'), width }, table);
  writeSegments(draft, encoder);
  const longest = config.whole('max_position_embeddings') - encoder.positionOffset;
  const positions = `${names.embeddings}position_embeddings.weight`;
  writePositions(draft, longest, positions, encoder.positionOffset);
  draft.statement(`x = ${normCall(norm, 'x')} as ln_embed`);
  mapNorm('ln_embed', `${names.embeddings}LayerNorm`, norm, draft);
  writeStack(
    {
      block: `${encoder.model}Block`,
      layer: names.layer,
      layers: encoder.layers,
      layout: 'post',
      norm,
      norms: names.norms,
      attention: {
        heads,
        kvHeads: heads,
        causal: false,
        projections: names.projections,
        out: names.out,
        bias: { qkv: true, out: true },
      },
      feedForward: forwardOf(config, draft, encoder),
    },
    draft,
  );
  writeMaskedHead(config, draft, { ...encoder, norm, table });
}

function forwardOf(config: Config, draft: Draft, encoder: Encoder): FeedForward {
  const { hidden, activation, names } = encoder;
  const { up, down } = names;
  const called = activationOf(config, draft, activation);
  return { kind: 'plain', hidden, activation: called, bias: true, up, down };
}

function writeSegments(draft: Draft, { segments, names }: Encoder): void {
  if (segments === 0) return;
  draft.dim('segments', segments, 'kinds of segments, the first where the run says nothing');
  draft.input('segment: int[N] = zeros');
  draft.statement('x = x + Embedding(segment, vocab: segments, width: d) as segment_embed');
  draft.map('segment_embed.W_E', `${names.embeddings}token_type_embeddings.weight`);
}

/** The head for masked tokens shares the embedding's matrix; a checkpoint may come without that head. */
function tableOf(config: Config, draft: Draft, { embeddings, head }: EncoderNames): Table {
  const tied = config.flag('tie_word_embeddings', true);
  config.refuse(!tied, t`a head of its own (tie_word_embeddings = false) is not known here.`);
  return {
    tensor: `${embeddings}word_embeddings.weight`,
    tied: draft.hasTensor(`${head.dense}.weight`) !== false,
  };
}

interface MaskedHead extends Encoder {
  readonly norm: Norm;
  readonly table: Table;
}

/** Logits of the token that stands at each place; without such a head the stream is what comes out. */
function writeMaskedHead(config: Config, draft: Draft, encoder: MaskedHead): void {
  const { norm, activation, table, names } = encoder;
  const { head } = names;
  if (!table.tied) {
    config.note(
      t`The checkpoint has no head for masked tokens: the model ends with its last stream.`,
    );
    writeStream(draft);
    return;
  }
  const called = activationOf(config, draft, activation);
  draft.statement(
    'h = Linear(x, out: d) as head',
    `h = ${normCall(norm, `${called}(h)`)} as ln_head`,
  );
  draft.map('head.W', `${head.dense}.weight`, '.T');
  draft.map('head.b', `${head.dense}.bias`);
  mapNorm('ln_head', head.norm, norm, draft);
  draft.statement(`output logits = ${logitsOf(draft, 'h', table, { bias: head.bias })}`);
  draft.expectations.push('expect logits : [N, V]');
}
