import { elementwiseFlow } from './families/flows.ts';
import { countOf } from './families/row-major.ts';
import type { KernelThread, Op } from './op.ts';

export const alibi: Op = {
  name: 'alibi',
  doc: "Adds slope·(j - i - M + N) to the scores of N queries and M keys, with each head's own slope (Press et al. 2022).",
  signature: 'alibi(scores: [..., heads, N, M]) -> [..., heads, N, M]',
  flow: (call) => {
    const flow = elementwiseFlow(call);
    const [heads = '', queries = '', keys = ''] = flow.result.slice(-3);
    return {
      ...flow,
      counted: new Map([
        [heads, 'first'],
        [queries, 'last'],
        [keys, 'last'],
      ]),
    };
  },
  operations: 2,
  reference: ({ input }) => {
    const { data, shape } = input('scores');
    const [heads, queries, keys] = lastThree(shape);
    return data.map((score, at) => {
      const query = Math.floor(at / keys) % queries;
      const head = Math.floor(at / (keys * queries)) % heads;
      return score + slopeOf(head, heads) * ((at % keys) - query - keys + queries);
    });
  },
  gpu: ({ input, shape }) => {
    const [heads, queries, keys] = lastThree(input('scores').shape);
    const power = largestPower(heads);
    const args = [{ operand: 'scores' }, heads, queries, keys, power];
    return [{ kernel, args, length: countOf(shape) }];
  },
  vjp: 'dscores = dy',
  torch: '{scores} + alibi_bias({scores})',
  onnx: 'Add',
  tolerance: 1e-5,
  examples: [
    { inputs: { scores: { normal: [4, 3, 3], seed: 1 } } },
    { inputs: { scores: { normal: [2, 6, 2, 5], seed: 2 } } },
    { inputs: { scores: { normal: [1, 2, 2], seed: 3 } } },
  ],
};

/**
 * 2^(−8 (h + 1) / heads) for a power of two. Of other counts the largest power of two below has these slopes and the
 * rest every second one of twice that power.
 */
function slopeOf(head: number, heads: number): number {
  const power = largestPower(heads);
  const exponent = head < power ? (head + 1) / power : (2 * (head - power) + 1) / (2 * power);
  return 2 ** (-8 * exponent);
}

function largestPower(heads: number): number {
  return 2 ** Math.floor(Math.log2(heads));
}

function lastThree(shape: readonly number[]): readonly [number, number, number] {
  return [shape.at(-3) ?? 1, shape.at(-2) ?? 1, shape.at(-1) ?? 1];
}

const kernel = {
  name: 'alibi',
  source: function (
    this: KernelThread,
    scores: ArrayLike<number>,
    heads: number,
    queries: number,
    keys: number,
    power: number,
  ): number {
    const row = Math.floor(this.thread.x / keys);
    const head = Math.floor(row / queries) % heads;
    const distance = (this.thread.x % keys) - (row % queries) - keys + queries;
    let exponent = (head + 1.0) / power;
    if (head >= power) {
      exponent = (2.0 * (head - power) + 1.0) / (2.0 * power);
    }
    return (scores[this.thread.x] as number) + 2.0 ** (-8.0 * exponent) * distance;
  },
};
