/** Activations by the names that configurations give them. */
import { t } from '@vscode/l10n';
import type { Config } from './config.ts';
import type { Draft } from './draft.ts';

const builtin: Readonly<Record<string, string>> = {
  gelu: 'gelu',
  gelu_python: 'gelu',
  gelu_new: 'gelu_tanh',
  gelu_fast: 'gelu_tanh',
  gelu_pytorch_tanh: 'gelu_tanh',
  gelu_accurate: 'gelu_tanh',
  relu: 'relu',
  silu: 'silu',
  swish: 'silu',
  tanh: 'tanh',
  sigmoid: 'sigmoid',
};

/** Activations that the file defines for itself. */
const written: Readonly<Record<string, readonly [name: string, text: string]>> = {
  quick_gelu: [
    'QuickGelu',
    '/// x·σ(1.702·x), the sigmoid approximation of gelu.\nblock QuickGelu(x: [..., n]) -> [..., n] {\n  return x * sigmoid(1.702 * x)\n}',
  ],
  relu2: [
    'SquaredRelu',
    '/// The square of relu (So et al. 2021).\nblock SquaredRelu(x: [..., n]) -> [..., n] {\n  return square(relu(x))\n}',
  ],
};

/** How the program calls an activation; one that is not known refuses the import. */
export function activationOf(config: Config, draft: Draft, name: string): string {
  if (Object.hasOwn(builtin, name)) return builtin[name] ?? '';
  const own = Object.hasOwn(written, name) ? written[name] : undefined;
  if (own === undefined) {
    const known = [...Object.keys(builtin), ...Object.keys(written)].join(', ');
    config.refuse(true, t`the activation ${name} is not known: ${known} are.`);
    return 'gelu';
  }
  draft.block(own[1]);
  return own[0];
}
