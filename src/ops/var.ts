import { reduction, varianceOf } from './families/reduction.ts';
import { rowMean, rowVariance } from './families/row-kernels.ts';

export const variance = reduction({
  name: 'var',
  doc: 'The variance along an axis: the mean of the squared differences to the mean, divided by n.',
  operations: 4,

  row: varianceOf,
  kernels: [rowMean, rowVariance],
  vjp: 'dx = 2 * dy * (x - mean(x, axis: axis, keepdims: true)) / sum(0 * x + 1, axis: axis, keepdims: true)',
  torch: 'torch.var({x}, dim={axis}, keepdim={keepdims}, unbiased=False)',
  onnx: 'ReduceMean(Square(x - ReduceMean(x)))',
  examples: [
    { inputs: { x: { normal: [2, 3, 4], seed: 1 } } },
    { inputs: { x: { normal: [2, 3, 4], seed: 2 } }, attributes: { axis: 0, keepdims: true } },
    { inputs: { x: { normal: [3, 5], seed: 3 } }, attributes: { axis: null } },
    { inputs: { x: { normal: [2, 3072], seed: 4 } } },
  ],
});
