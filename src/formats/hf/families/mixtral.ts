import { activationOf } from '../activations.ts';
import type { Family } from '../family.ts';
import { gatedDecoder, slidingWindow } from '../gated-decoder.ts';

export const mixtral: Family = {
  types: ['mixtral'],
  title: 'Mixtral',
  model: 'Mixtral',
  source: 'Jiang et al. 2024',
  prefix: 'model.',
  write: (config, draft) =>
    gatedDecoder(config, draft, {
      model: 'Mixtral',
      rope: { base: 1e6, style: 'half' },
      feedForward: {
        kind: 'experts',
        hidden: config.whole('intermediate_size'),
        activation: activationOf(config, draft, config.text('hidden_act', 'silu')),
        experts: config.whole('num_local_experts'),
        active: config.whole('num_experts_per_tok'),
        router: 'block_sparse_moe.gate',
        gate: 'block_sparse_moe.experts.*.w1',
        up: 'block_sparse_moe.experts.*.w3',
        down: 'block_sparse_moe.experts.*.w2',
        weights: 'of the selected',
      },
      window: slidingWindow(config),
    }),
};
