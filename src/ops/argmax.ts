import { demandValues, reduction } from './families/reduction.ts';
import type { Kernel, KernelThread } from './op.ts';


export const argmax = reduction({
  name: 'argmax',
  doc: 'The position of the largest value along an axis; of equal ones the first.',
  result: 'int',
  row: (row) => {
    demandValues(row, 'argmax');
    return row.reduce((best, value, k) => (value > (row[best] as number) ? k : best), 0);
  },
  kernels: [rowArgmax],
  vjp: { none: 'A position does not change gradually.' },
  torch: 'torch.argmax({x}, dim={axis}, keepdim={keepdims})',
  onnx: 'ArgMax',
  examples: [{ inputs: { x: { normal: [2, 3, 4], seed: 1 } } }, { inputs: { x: [[1, 3, 3], [5, 5, 2]] }, attributes: { axis: 0 } }, { inputs: { x: [[1, 3, 3], [-Infinity, 2, 0]] }, attributes: { axis: -1, keepdims: true } }, { inputs: { x: { normal: [3072], seed: 2 } }, attributes: { axis: null } }],
});

const rowArgmax: Kernel = {
  name: 'row_argmax',
  source: function (
    this: KernelThread,
    x: ArrayLike<number>,
    length: number,
    inner: number,
  ): number {
    const start = Math.floor(this.thread.x / inner) * length * inner + (this.thread.x % inner);
    let best = x[start] as number;
    let at = 0.0;
    for (let k = 0; k < length; k++) {
      const value = x[start + k * inner] as number;
      if (value > best) {
        best = value;
        at = k;
      }
    }
    return at;
  },
};
