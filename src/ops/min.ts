import { extremum } from './families/extremum.ts';
import { rowMinimum } from './families/row-kernels.ts';
import type { KernelThread } from './op.ts';

export const min = extremum({
  name: 'min',
  doc: 'The smallest value along an axis, or with two tensors the smaller of the two at every index; NaN wins, as in NumPy.',
  scalar: Math.min,
  row: rowMinimum,
  pair: function (
    this: KernelThread,
    a: ArrayLike<number>,
    b: ArrayLike<number>,
    repeatA: number,
    spanA: number,
    repeatB: number,
    spanB: number,
  ): number {
    return Math.min(
      a[Math.floor(this.thread.x / repeatA) % spanA] as number,
      b[Math.floor(this.thread.x / repeatB) % spanB] as number,
    );
  },
  torch:
    'torch.amin({x}, dim={axis}, keepdim={keepdims}) if {other} is None else torch.minimum({x}, {other})',
  onnx: 'ReduceMin or Min',
});
