import { binary } from './families/broadcasting.ts';
import type { KernelThread } from './op.ts';

export const remainder = binary({
  name: 'remainder',
  doc: 'What division to the whole number below leaves; it has the sign of b, as in NumPy.',
  notation: { kind: 'binary', symbol: '%' },
  result: 'as operand',
  scalar: (a, b) => floorRemainder(a, b),
  kernel: function (
    this: KernelThread,
    a: ArrayLike<number>,
    b: ArrayLike<number>,
    repeatA: number,
    spanA: number,
    repeatB: number,
    spanB: number,
  ): number {
    const left = a[Math.floor(this.thread.x / repeatA) % spanA] as number;
    const right = b[Math.floor(this.thread.x / repeatB) % spanB] as number;
    const rest = left - right * Math.floor(left / right);
    // A GPU may round an exact quotient below itself.
    return Math.abs(rest) >= Math.abs(right) ? rest - right : rest;
  },
  vjp: 'da = dy\ndb = -dy * floor(a / b)',
  torch: 'torch.remainder({a}, {b})',
  onnx: 'Mod(fmod=0)',
  examples: [
    { inputs: { a: [-7, -3, 0, 3, 7, 49], b: [3, 3, 3, -2, -2, 49] } },
    { inputs: { a: [[5.5], [-5.5]], b: [2, 4] } },
  ],
});

function floorRemainder(a: number, b: number): number {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}
