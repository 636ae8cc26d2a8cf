import { sourceFlow } from './families/flows.ts';
import type { KernelThread, Op } from './op.ts';

export const positions: Op = {
  name: 'positions',
  doc: 'The whole numbers 0 to N - 1.',
  signature: 'positions(N: dim) -> [N]',
  flow: sourceFlow,
  operations: 0,
  result: 'int',
  reference: ({ number }) => Float64Array.from({ length: number('N') }, (_, i) => i),
  gpu: ({ number }) => [{ kernel, args: [0], length: number('N') }],
  vjp: { none: 'It has no operands.' },
  torch: 'torch.arange({N})',
  onnx: 'Range',
  tolerance: 0,
  examples: [
    { inputs: {}, attributes: { N: 5 } },
    { inputs: {}, attributes: { N: 1 } },
  ],
};

const kernel = {
  name: 'positions',
  source: function (this: KernelThread, first: number): number {
    return this.thread.x + first;
  },
};
