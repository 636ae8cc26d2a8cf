import { meanOf, reduction } from './families/reduction.ts';
import { rowMean } from './families/row-kernels.ts';

export const mean = reduction({
  name: 'mean',
  doc: 'The arithmetic mean along an axis.',

  row: meanOf,
  kernels: [rowMean],
  vjp: 'dx = (dy + 0 * x) / sum(0 * x + 1, axis: axis, keepdims: true)',
  torch: 'torch.mean({x}, dim={axis}, keepdim={keepdims})',
  onnx: 'ReduceMean',
  examples: [
    { inputs: { x: { normal: [2, 3, 4], seed: 1 } } },
    { inputs: { x: { normal: [2, 3, 4], seed: 2 } }, attributes: { axis: 0, keepdims: true } },
    { inputs: { x: { normal: [3, 5], seed: 3 } }, attributes: { axis: null } },
    { inputs: { x: { normal: [2, 3072], seed: 4 } } },
  ],
});
