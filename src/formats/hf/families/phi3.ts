import { t } from '@vscode/l10n';
import type { Family } from '../family.ts';
import { gatedDecoder, gatedForward, slidingWindow } from '../gated-decoder.ts';

export const phi3: Family = {
  types: ['phi3'],
  title: 'Phi-3',
  model: 'Phi3',
  source: 'Abdin et al. 2024',
  prefix: 'model.',
  write: (config, draft) => {
    config.refuse(config.flag('attention_bias', false), t`attention_bias is not known here.`);
    gatedDecoder(config, draft, {
      model: 'Phi3',
      attention: { projections: { kind: 'side by side', qkv: 'self_attn.qkv_proj' } },
      feedForward: { ...gatedForward(config, draft), gate: 'mlp.gate_up_proj', fused: true },
      window: slidingWindow(config),
    });
    // Said again in the scaling of the rotary positions, which reads it.
    config.value('original_max_position_embeddings');
  },
};
