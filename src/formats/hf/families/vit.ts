import { t } from '@vscode/l10n';
import { activationOf } from '../activations.ts';
import type { Config } from '../config.ts';
import type { Draft } from '../draft.ts';
import { layerNorm, writeLastNorm, writeStream } from '../ends.ts';
import type { Family } from '../family.ts';
import { writeStack } from '../stack.ts';

export const vit: Family = {
  types: ['vit'],
  title: 'ViT',
  model: 'ViT',
  source: 'Dosovitskiy et al. 2021',
  prefix: 'vit.',
  write: (config, draft) => {
    const width = config.whole('hidden_size');
    const heads = config.whole('num_attention_heads');
    const norm = layerNorm(config.number('layer_norm_eps', 1e-12));
    const bias = config.flag('qkv_bias', true);
    // Of the head for masked images and of the pooler, which are not imported.
    config.value('encoder_stride', 'pooler_act', 'pooler_output_size');
    writePatches(config, draft, width);
    writeStack(
      {
        block: 'ViTBlock',
        layer: 'vit.encoder.layer.*.',
        layers: config.whole('num_hidden_layers'),
        layout: 'pre',
        norm,
        norms: ['layernorm_before', 'layernorm_after'],
        attention: {
          heads,
          kvHeads: heads,
          causal: false,
          projections: {
            kind: 'separate',
            q: 'attention.attention.query',
            k: 'attention.attention.key',
            v: 'attention.attention.value',
          },
          out: 'attention.output.dense',
          bias: { qkv: bias, out: true },
        },
        feedForward: {
          kind: 'plain',
          hidden: config.whole('intermediate_size'),
          activation: activationOf(config, draft, config.text('hidden_act', 'gelu')),
          bias: true,
          up: 'intermediate.dense',
          down: 'output.dense',
        },
      },
      draft,
    );
    writeLastNorm(draft, norm, 'vit.layernorm');
    writeClasses(config, draft);
  },
};

/** A picture cut into squares, each through one matrix, a token for the whole picture before them. */
function writePatches(config: Config, draft: Draft, width: number): void {
  draft.dim('channels', config.whole('num_channels', 3));
  draft.dim('size', config.whole('image_size', 224), 'height and width of a picture');
  draft.dim('patch', config.whole('patch_size', 16), 'height and width of a patch');
  draft.dim('side', 'size / patch');
  draft.dim('N', 'side * side + 1', 'patches, and the token that stands for all');
  draft.dim('d', width, 'width of the residual stream');
  draft.input('pixels: [channels, size, size] = normal(seed: 1)');
  draft.statement(
    'param W_patch: [d, channels, patch, patch]',
    'param b_patch: [d] = zeros',
    'param token: [1, d]',
    'param W_pos: [N, d] = normal(std: 0.02)',
    'patches = rearrange(pixels, "c (h p) (w q) -> (h w) (c p q)", p: patch, q: patch)',
    'embedded = patches @ rearrange(W_patch, "d c p q -> (c p q) d") + b_patch',
    'x = concat(token, embedded, axis: 0) + W_pos',
  );
  draft.map('W_patch', 'vit.embeddings.patch_embeddings.projection.weight');
  draft.map('b_patch', 'vit.embeddings.patch_embeddings.projection.bias');
  draft.map('token', 'vit.embeddings.cls_token', '[0]');
  draft.map('W_pos', 'vit.embeddings.position_embeddings', '[0]');
}

function writeClasses(config: Config, draft: Draft): void {
  const named = Object.keys(config.value('id2label') ?? {}).length;
  const labels = named > 0 ? named : config.whole('num_labels', 2);
  const trained = draft.hasTensor('classifier.weight') ?? named > 0;
  if (!trained) {
    config.note(t`There is no classifier: the model ends with its last stream.`);
    writeStream(draft);
    return;
  }
  draft.dim('labels', labels);
  draft.statement('output logits = Linear(x[0], out: labels) as classifier');
  draft.map('classifier.W', 'classifier.weight', '.T');
  draft.map('classifier.b', 'classifier.bias');
  draft.expectations.push('expect logits : [labels]');
}
