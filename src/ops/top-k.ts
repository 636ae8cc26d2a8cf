import { formatDim, formatShape, literalOf } from '../dims/index.ts';
import { demandRank, replaceAxis } from './families/axis-rules.ts';
import { labelsOf } from './families/flows.ts';
import { countOf, viewAlong } from './families/row-major.ts';
import { type Kernel, type KernelThread, type Op, OpFault } from './op.ts';

export const topK: Op = {
  name: 'top_k',
  doc: 'The k largest values along the last axis, largest first, and their positions in `.indices`; of equal ones the first.',
  signature: 'top_k(x: [...], k: dim) -> [...]',
  flow: ({ operands, result }) => {
    const labels = operands[0] === undefined ? [] : labelsOf(operands[0].shape);
    return { operands: [labels], result: [...labelsOf(result).slice(0, -1), 'chosen'] };
  },
  operations: 1,
  outputs: ['values', 'indices'],
  integerOutputs: ['indices'],
  shape: (call) => {
    const shape = demandRank(call, 'x', 1);
    const length = shape.axes.length - 1;
    const k = call.dim('k');
    if ((literalOf(k) ?? 1) < 1) {
      const message = `top_k takes at least 1 value, but k is ${formatDim(k)}.`;
      call.fail({ kind: 'argument', message });
    }
    call.within(k, shape.axes[length] ?? k, `k of top_k for ${formatShape(shape)}`);
    return replaceAxis(shape, length, k);
  },
  reference: ({ input, number, output }) => {
    const { data, shape } = input('x');
    const { outer, length } = viewAlong(shape, -1);
    const k = number('k');
    if (k > length) throw new OpFault(`top_k of ${k} values, but the axis has only ${length}.`);
    const result: number[] = [];
    for (let row = 0; row < outer; row++) {
      const values = data.subarray(row * length, (row + 1) * length);
      const order = [...values.keys()].sort((a, b) => descending(values, a, b)).slice(0, k);
      result.push(...(output === 'indices' ? order : order.map((at) => values[at] as number)));
    }
    return Float64Array.from(result);
  },
  gpu: ({ input, number, output, shape }) => {
    const { length } = viewAlong(input('x').shape, -1);
    const kernel = output === 'indices' ? largestAt : largest;
    return [{ kernel, args: [{ operand: 'x' }, length, number('k')], length: countOf(shape) }];
  },
  vjp: { none: 'The language has no way to write values to positions that only the run knows.' },
  torch: 'torch.topk({x}, {k}, dim=-1)',
  onnx: 'TopK',
  tolerance: 0,
  examples: [
    { inputs: { x: { normal: [2, 3, 6], seed: 1 } }, attributes: { k: 2 } },
    { inputs: { x: { normal: [2, 6], seed: 2 } }, attributes: { k: 6 }, output: 'indices' },
    { inputs: { x: { normal: [3072], seed: 3 } }, attributes: { k: 5 }, output: 'indices' },
    { inputs: { x: [[-Infinity, 2, 0]] }, attributes: { k: 1 } },
  ],
};

/** NaN counts as largest, as in PyTorch. */
function descending(values: Float64Array, a: number, b: number): number {
  const [left, right] = [values[a] as number, values[b] as number];
  if (Number.isNaN(left) || Number.isNaN(right)) {
    return Number(Number.isNaN(right)) - Number(Number.isNaN(left)) || a - b;
  }
  return left === right ? a - b : right - left;
}

/** Each thread takes the largest value that comes after the one before, until it is at its own rank. */
const largest: Kernel = {
  name: 'top_k_values',
  source: function (this: KernelThread, x: ArrayLike<number>, length: number, k: number): number {
    const start = Math.floor(this.thread.x / k) * length;
    const rank = this.thread.x % k;
    let last = x[start] as number;
    let lastAt = -0.5;
    for (let taken = 0; taken <= rank; taken++) {
      let best = x[start] as number;
      let bestAt = -0.5;
      for (let at = 0; at < length; at++) {
        const value = x[start + at] as number;
        if (lastAt < 0 || value < last || (value === last && at > lastAt)) {
          if (bestAt < 0 || value > best) {
            best = value;
            bestAt = at;
          }
        }
      }
      last = best;
      lastAt = bestAt;
    }
    return last;
  },
};

const largestAt: Kernel = {
  name: 'top_k_indices',
  source: function (this: KernelThread, x: ArrayLike<number>, length: number, k: number): number {
    const start = Math.floor(this.thread.x / k) * length;
    const rank = this.thread.x % k;
    let last = x[start] as number;
    let lastAt = -0.5;
    for (let taken = 0; taken <= rank; taken++) {
      let best = x[start] as number;
      let bestAt = -0.5;
      for (let at = 0; at < length; at++) {
        const value = x[start + at] as number;
        if (lastAt < 0 || value < last || (value === last && at > lastAt)) {
          if (bestAt < 0 || value > best) {
            best = value;
            bestAt = at;
          }
        }
      }
      last = best;
      lastAt = bestAt;
    }
    return lastAt;
  },
};
