import { extremum } from './families/extremum.ts';
import { rowMaximum } from './families/row-kernels.ts';
import type { KernelThread } from './op.ts';

export const max = extremum({
  name: 'max',
  doc: 'The largest value along an axis, or with two tensors the larger of the two at every index; NaN wins, as in NumPy.',
  scalar: Math.max,
  row: rowMaximum,
  pair: function (
    this: KernelThread,
    a: ArrayLike<number>,
    b: ArrayLike<number>,
    repeatA: number,
    spanA: number,
    repeatB: number,
    spanB: number,
  ): number {
    return Math.max(
      a[Math.floor(this.thread.x / repeatA) % spanA] as number,
      b[Math.floor(this.thread.x / repeatB) % spanB] as number,
    );
  },
  torch:
    'torch.amax({x}, dim={axis}, keepdim={keepdims}) if {other} is None else torch.maximum({x}, {other})',
  onnx: 'ReduceMax or Max',
});
