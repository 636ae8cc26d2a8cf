import { pointwise } from './families/pointwise.ts';
import type { KernelThread } from './op.ts';

export const geluTanh = pointwise({
  name: 'gelu_tanh',
  doc: 'The tanh approximation of gelu, as GPT-2 uses it.',

  scalar: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  kernel: function (this: KernelThread, x: ArrayLike<number>): number {
    const value = x[this.thread.x] as number;
    const inner = 0.7978845608028654 * (value + 0.044715 * value * value * value);
    return 0.5 * value * (1 + Math.tanh(Math.max(-10, Math.min(10, inner))));
  },
  vjp:
    'u = tanh(0.7978845608028654 * (x + 0.044715 * pow(x, 3)))\n' +
    'dx = dy * 0.5 * (1 + u + x * (1 - square(u)) * 0.7978845608028654 * (1 + 0.134145 * square(x)))',
  torch: "torch.nn.functional.gelu({x}, approximate='tanh')",
  onnx: 'Gelu(approximate=tanh)',
  examples: [
    { inputs: { x: { normal: [2, 3, 4], seed: 1 } } },
    { inputs: { x: [-40, -3, -0.5, 0, 0.5, 3, 40] } },
  ],
});
