import { t } from '@vscode/l10n';
import { activationOf } from '../activations.ts';
import { layerNorm } from '../ends.ts';
import type { Family } from '../family.ts';
import { gatedDecoder, slidingWindow } from '../gated-decoder.ts';

export const starcoder2: Family = {
  types: ['starcoder2'],
  title: 'StarCoder2',
  model: 'StarCoder2',
  source: 'Lozhkov et al. 2024',
  prefix: 'model.',
  write: (config, draft) => {
    const bias = config.flag('use_bias', true);
    const norms = config.text('norm_type', 'layer_norm');
    config.refuse(norms !== 'layer_norm', t`the norm_type ${norms} is not known.`);
    // Older code read it under this name; hidden_act says the same.
    config.value('activation_function');
    const networks = config.text('mlp_type', 'default');
    config.refuse(networks !== 'default', t`the mlp_type ${networks} is not known.`);
    gatedDecoder(config, draft, {
      model: 'StarCoder2',
      norm: layerNorm(config.number('norm_epsilon', 1e-5)),
      bias: { qkv: bias, out: bias },
      feedForward: {
        kind: 'plain',
        hidden: config.whole('intermediate_size'),
        activation: activationOf(config, draft, config.text('hidden_act', 'gelu_pytorch_tanh')),
        bias,
        up: 'mlp.c_fc',
        down: 'mlp.c_proj',
      },
      window: slidingWindow(config),
      tied: true,
    });
  },
};
