import { writeEncoder } from '../encoder.ts';
import type { Family } from '../family.ts';

export const distilbert: Family = {
  types: ['distilbert'],
  title: 'DistilBERT',
  model: 'DistilBERT',
  source: 'Sanh et al. 2019',
  prefix: 'distilbert.',
  write: (config, draft) => {
    // Sinusoids, where they were used, are stored as a table all the same.
    config.value('sinusoidal_pos_embds');
    writeEncoder(config, draft, {
      model: 'DistilBERT',
      width: config.whole('dim'),
      heads: config.whole('n_heads'),
      layers: config.whole('n_layers'),
      hidden: config.whole('hidden_dim'),
      activation: config.text('activation', 'gelu'),
      eps: 1e-12,
      positionOffset: 0,
      segments: 0,
      names: {
        embeddings: 'distilbert.embeddings.',
        layer: 'distilbert.transformer.layer.*.',
        projections: {
          kind: 'separate',
          q: 'attention.q_lin',
          k: 'attention.k_lin',
          v: 'attention.v_lin',
        },
        out: 'attention.out_lin',
        norms: ['sa_layer_norm', 'output_layer_norm'],
        up: 'ffn.lin1',
        down: 'ffn.lin2',
        head: {
          dense: 'vocab_transform',
          norm: 'vocab_layer_norm',
          bias: 'vocab_projector.bias',
        },
      },
    });
  },
};
