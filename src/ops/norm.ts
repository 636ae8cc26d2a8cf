import { reduction } from './families/reduction.ts';
import { rowNorm } from './families/row-kernels.ts';

export const norm = reduction({
  name: 'norm',
  doc: 'The Euclidean length along an axis: the square root of the sum of squares.',
  operations: 2,

  row: (row) => Math.sqrt(row.reduce((sum, value) => sum + value * value, 0)),
  kernels: [rowNorm],
  vjp: 'dx = dy * x / y',
  torch: 'torch.linalg.vector_norm({x}, dim={axis}, keepdim={keepdims})',
  onnx: 'ReduceL2',
  examples: [
    { inputs: { x: { normal: [2, 3, 4], seed: 1 } } },
    { inputs: { x: { normal: [2, 3, 4], seed: 2 } }, attributes: { axis: 0, keepdims: true } },
    { inputs: { x: { normal: [3, 5], seed: 3 } }, attributes: { axis: null } },
    { inputs: { x: { normal: [2, 3072], seed: 4 } } },
  ],
});
