import { reduction, varianceOf } from './families/reduction.ts';
import { rowDeviation, rowMean } from './families/row-kernels.ts';

export const std = reduction({
  name: 'std',
  doc: 'The standard deviation along an axis: the square root of the variance, divided by n.',
  operations: 5,

  row: (row) => Math.sqrt(varianceOf(row)),
  kernels: [rowMean, rowDeviation],
  vjp: 'dx = dy * (x - mean(x, axis: axis, keepdims: true)) / y / sum(0 * x + 1, axis: axis, keepdims: true)',
  torch: 'torch.std({x}, dim={axis}, keepdim={keepdims}, unbiased=False)',
  onnx: 'Sqrt(ReduceMean(Square(x - ReduceMean(x))))',
  examples: [
    { inputs: { x: { normal: [2, 3, 4], seed: 1 } } },
    { inputs: { x: { normal: [2, 3, 4], seed: 2 } }, attributes: { axis: 0, keepdims: true } },
    { inputs: { x: { normal: [3, 5], seed: 3 } }, attributes: { axis: null } },
    { inputs: { x: { normal: [2, 3072], seed: 4 } } },
  ],
});
