import { t } from '@vscode/l10n';
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
      const message = t`top_k takes at least 1 value, but k is ${formatDim(k)}.`;
      call.fail({ kind: 'argument', message });
    }
    call.within(k, shape.axes[length] ?? k, t`k of top_k for ${formatShape(shape)}`);
    return replaceAxis(shape, length, k);
  },
  reference: ({ input, number, output }) => {
    const { data, shape } = input('x');
    const { outer, length } = viewAlong(shape, -1);
    const k = number('k');
    if (k > length) throw new OpFault(t`top_k of ${k} values, but the axis has only ${length}.`);
    const result: number[] = [];
    for (let row = 0; row < outer; row++) {
      const values = data.subarray(row * length, (row + 1) * length);
      const order = [...values.keys()].sort((a, b) => descending(values, a, b)).slice(0, k);
      result.push(...(output === 'indices' ? order : order.map((at) => values[at] as number)));
    }
    return Float64Array.from(result);
  },
  // First the largest of blocks, so that no thread goes k times through a whole row.
  gpu: ({ input, number, output, shape }) => {
    const { outer, length } = viewAlong(input('x').shape, -1);
    const k = number('k');
    const size = Math.min(length, Math.max(k, Math.ceil(Math.sqrt(length * k))));
    const blocks = Math.ceil(length / size);
    const places = [length, k, size, blocks];
    const kernel = output === 'indices' ? largestAt : largest;
    return [
      {
        kernel: largestOfBlocks,
        args: [{ operand: 'x' }, ...places],
        length: outer * blocks * k,
      },
      {
        kernel,
        args: [{ operand: 'x' }, { step: 0 }, length, k, blocks * k],
        length: countOf(shape),
      },
    ];
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

// Each thread takes the largest value that comes after the one before, until it is at its own rank.

/** Where in its row each block's largest values are; -1 where a block has no more. */
const largestOfBlocks: Kernel = {
  name: 'top_k_blocks',
  source: function (
    this: KernelThread,
    x: ArrayLike<number>,
    length: number,
    k: number,
    size: number,
    blocks: number,
  ): number {
    const block = Math.floor(this.thread.x / k) % blocks;
    const start = Math.floor(this.thread.x / (k * blocks)) * length;
    const first = block * size;
    const rank = this.thread.x % k;
    let last = x[start + first] as number;
    let lastAt = -1.0;
    for (let taken = 0; taken <= rank; taken++) {
      let best = x[start + first] as number;
      let bestAt = -1.0;
      for (let at = first; at < Math.min(length, first + size); at++) {
        const value = x[start + at] as number;
        if (taken < 1 || value < last || (value === last && at > lastAt)) {
          if (bestAt < 0 || value > best) {
            best = value;
            bestAt = at;
          }
        }
      }
      // A block with fewer values gives none from here on.
      last = best;
      lastAt = bestAt;
      if (bestAt < 0) {
        return -1;
      }
    }
    return lastAt;
  },
};

/** `candidates`: where in each row the values are of which these are the largest. */
const largest: Kernel = {
  name: 'top_k_values',
  source: function (
    this: KernelThread,
    x: ArrayLike<number>,
    candidates: ArrayLike<number>,
    length: number,
    k: number,
    count: number,
  ): number {
    const row = Math.floor(this.thread.x / k);
    const rank = this.thread.x % k;
    let last = x[row * length] as number;
    let lastAt = -1.0;
    for (let taken = 0; taken <= rank; taken++) {
      let best = x[row * length] as number;
      let bestAt = -1.0;
      for (let candidate = 0; candidate < count; candidate++) {
        const at = candidates[row * count + candidate] as number;
        const value = x[row * length + Math.floor(Math.max(at, 0))] as number;
        if (at >= 0 && (taken < 1 || value < last || (value === last && at > lastAt))) {
          if (bestAt < 0 || value > best || (value === best && at < bestAt)) {
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
  source: function (
    this: KernelThread,
    x: ArrayLike<number>,
    candidates: ArrayLike<number>,
    length: number,
    k: number,
    count: number,
  ): number {
    const row = Math.floor(this.thread.x / k);
    const rank = this.thread.x % k;
    let last = x[row * length] as number;
    let lastAt = -1.0;
    for (let taken = 0; taken <= rank; taken++) {
      let best = x[row * length] as number;
      let bestAt = -1.0;
      for (let candidate = 0; candidate < count; candidate++) {
        const at = candidates[row * count + candidate] as number;
        const value = x[row * length + Math.floor(Math.max(at, 0))] as number;
        if (at >= 0 && (taken < 1 || value < last || (value === last && at > lastAt))) {
          if (bestAt < 0 || value > best || (value === best && at < bestAt)) {
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
