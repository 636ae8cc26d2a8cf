import { sliceFlow } from './families/flows.ts';
import { slicedShape, sliceView } from './families/slicing.ts';
import { arranged } from './families/strided.ts';
import type { Op } from './op.ts';

export const slice: Op = {
  name: 'slice',
  doc: 'A part of a tensor: a range or one index per axis, and new axes of length 1.',
  signature: 'slice(x: [...], items: string) -> [...]',
  flow: sliceFlow,
  operations: 0,
  notation: { kind: 'index', by: 'slices' },
  result: 'as operand',
  shape: (call) => slicedShape(call, 'x'),
  ...arranged(({ input, attribute }) => sliceView(input('x').shape, attribute('items'))),
  vjp: { none: 'The language has no way to write a slice into zeros.' },
  torch: '{x}[{items}]',
  onnx: 'Slice, Squeeze and Unsqueeze',
  tolerance: 0,
  examples: [
    {
      inputs: { x: { normal: [4, 5], seed: 1 } },
      attributes: {
        items: [
          { kind: 'range', start: 1, stop: 3 },
          { kind: 'range', start: 0, stop: 5 },
        ],
      },
    },
    {
      inputs: { x: { normal: [2, 4, 5], seed: 2 } },
      attributes: {
        items: [
          { kind: 'range', start: 0, stop: 2 },
          { kind: 'new axis' },
          { kind: 'at', index: 3 },
          { kind: 'range', start: 2, stop: 3 },
        ],
      },
    },
    {
      inputs: { x: { normal: [3, 2], seed: 3 } },
      attributes: { items: [{ kind: 'at', index: 2 }] },
    },
  ],
};
