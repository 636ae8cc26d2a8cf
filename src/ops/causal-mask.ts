import { elementwiseFlow } from './families/flows.ts';
import { lastTwo, maskReference } from './families/masking.ts';
import { countOf } from './families/row-major.ts';
import type { KernelThread, Op } from './op.ts';

export const causalMask: Op = {
  name: 'causal_mask',
  doc: 'Sets the scores of keys after the query to -inf: with N queries and M keys those with j > i + M - N.',
  signature: 'causal_mask(scores: [..., N, M]) -> [..., N, M]',
  flow: (call) => ({
    ...elementwiseFlow(call),
    hides: {
      query: '2',
      key: '1',
      offset: call.length(call.result, -1) - call.length(call.result, -2),
    },
  }),
  operations: 0,
  reference: maskReference(
    (distance) => distance < 0,
    () => 0,
  ),
  gpu: ({ input, shape }) => {
    // WGSL has no literal for -inf, so it comes as an argument.
    const args = [{ operand: 'scores' }, ...lastTwo(input('scores').shape), -Infinity];
    return [{ kernel, args, length: countOf(shape) }];
  },
  form: ({ input }) => {
    const [rows, columns] = lastTwo(input('scores').shape);
    return { kind: 'mask', rows, columns, lowest: -Infinity, highest: columns - rows };
  },
  vjp: 'dscores = where(y == -inf, 0, dy)',
  torch:
    '{scores}.masked_fill(torch.ones({scores}.shape[-2:], dtype=torch.bool).triu({scores}.shape[-1] - {scores}.shape[-2] + 1), float("-inf"))',
  onnx: 'Trilu and Where',
  tolerance: 0,
  examples: [
    { inputs: { scores: { normal: [2, 3, 3], seed: 1 } } },
    { inputs: { scores: { normal: [2, 5], seed: 2 } } },
    { inputs: { scores: { normal: [3, 2], seed: 3 } } },
  ],
};

const kernel = {
  name: 'causal_mask',
  source: function (
    this: KernelThread,
    scores: ArrayLike<number>,
    queries: number,
    keys: number,
    hidden: number,
  ): number {
    const query = Math.floor(this.thread.x / keys) % queries;
    const key = this.thread.x % keys;
    if (key > query + keys - queries) {
      return hidden;
    }
    return scores[this.thread.x] as number;
  },
};
