import { reduction } from './families/reduction.ts';
import type { Kernel, KernelThread } from './op.ts';


export const norm = reduction({
  name: 'norm',
  doc: 'The Euclidean length along an axis: the square root of the sum of squares.',
  
  row: (row) => Math.sqrt(row.reduce((sum, value) => sum + value * value, 0)),
  kernels: [rowNorm],
  vjp: 'dx = dy * x / y',
  torch: 'torch.linalg.vector_norm({x}, dim={axis}, keepdim={keepdims})',
  onnx: 'ReduceL2',
  examples: [{ inputs: { x: { normal: [2, 3, 4], seed: 1 } } }, { inputs: { x: { normal: [2, 3, 4], seed: 2 } }, attributes: { axis: 0, keepdims: true } }, { inputs: { x: { normal: [3, 5], seed: 3 } }, attributes: { axis: null } }, { inputs: { x: { normal: [2, 3072], seed: 4 } } }],
});

const rowNorm: Kernel = {
  name: 'row_norm',
  source: function (
    this: KernelThread,
    x: ArrayLike<number>,
    length: number,
    inner: number,
  ): number {
    const start = Math.floor(this.thread.x / inner) * length * inner + (this.thread.x % inner);
    let sum = 0.0;
    for (let k = 0; k < length; k++) {
      const value = x[start + k * inner] as number;
      sum += value * value;
    }
    return Math.sqrt(sum);
  },
};
