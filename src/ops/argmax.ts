import { demandValues, reduction } from './families/reduction.ts';
import { rowArgmax } from './families/row-kernels.ts';

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
  examples: [
    { inputs: { x: { normal: [2, 3, 4], seed: 1 } } },
    {
      inputs: {
        x: [
          [1, 3, 3],
          [5, 5, 2],
        ],
      },
      attributes: { axis: 0 },
    },
    {
      inputs: {
        x: [
          [1, 3, 3],
          [-Infinity, 2, 0],
        ],
      },
      attributes: { axis: -1, keepdims: true },
    },
    { inputs: { x: { normal: [3072], seed: 2 } }, attributes: { axis: null } },
  ],
});
