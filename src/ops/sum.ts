import { reduction, sumOf } from './families/reduction.ts';
import { rowSum } from './families/row-kernels.ts';

export const sum = reduction({
  name: 'sum',
  doc: 'The sum along an axis.',

  // Of 3072 values around 1 that cancel, float32 loses so much.
  tolerance: 1e-4,
  row: sumOf,
  kernels: [rowSum],
  vjp: 'dx = dy + 0 * x',
  torch: 'torch.sum({x}, dim={axis}, keepdim={keepdims})',
  onnx: 'ReduceSum',
  examples: [
    { inputs: { x: { normal: [2, 3, 4], seed: 1 } } },
    { inputs: { x: { normal: [2, 3, 4], seed: 2 } }, attributes: { axis: 0, keepdims: true } },
    { inputs: { x: { normal: [3, 5], seed: 3 } }, attributes: { axis: null } },
    { inputs: { x: { normal: [2, 3072], seed: 4 } } },
  ],
});
