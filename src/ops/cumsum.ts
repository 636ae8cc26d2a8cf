import { alongFlow } from './families/flows.ts';
import { rowwise } from './families/rowwise.ts';
import type { Kernel, KernelThread } from './op.ts';

export const cumsum = rowwise({
  name: 'cumsum',
  doc: 'The sum of all values up to and including each one, along an axis.',
  result: 'as operand',
  flow: alongFlow('running'),
  tolerance: 1e-4,
  row: (row) => {
    let sum = 0;
    return row.map((value) => {
      sum += value;
      return sum;
    });
  },
  along: (view) => ({ kind: 'cumulative sum', along: view }),
  // First the sums of blocks, so that a thread adds no more than twice the root of the length.
  steps: ({ outer, length, inner }) => {
    const size = Math.max(1, Math.ceil(Math.sqrt(length)));
    const blocks = Math.ceil(length / size);
    const places = [length, inner, size, blocks];
    return [
      {
        kernel: sumsOfBlocks,
        args: [{ operand: 'x' }, ...places],
        length: outer * blocks * inner,
      },
      {
        kernel: sumsToHere,
        args: [{ operand: 'x' }, { step: 0 }, ...places],
        length: outer * length * inner,
      },
    ];
  },
  vjp: 'dx = sum(dy, axis: axis, keepdims: true) - cumsum(dy, axis: axis) + dy',
  torch: 'torch.cumsum({x}, dim={axis})',
  onnx: 'CumSum',
  examples: [
    { inputs: { x: { normal: [2, 3, 4], seed: 1 } } },
    { inputs: { x: { normal: [2, 3, 4], seed: 2 } }, attributes: { axis: 0 } },
    { inputs: { x: [1, 2, 3] } },
  ],
});

const sumsOfBlocks: Kernel = {
  name: 'cumsum_blocks',
  source: function (
    this: KernelThread,
    x: ArrayLike<number>,
    length: number,
    inner: number,
    size: number,
    blocks: number,
  ): number {
    const column = this.thread.x % inner;
    const block = Math.floor(this.thread.x / inner) % blocks;
    const row = Math.floor(this.thread.x / (inner * blocks));
    const first = block * size;
    let sum = 0.0;
    for (let k = first; k < Math.min(length, first + size); k++) {
      sum += x[(row * length + k) * inner + column] as number;
    }
    return sum;
  },
};

const sumsToHere: Kernel = {
  name: 'cumsum',
  source: function (
    this: KernelThread,
    x: ArrayLike<number>,
    sums: ArrayLike<number>,
    length: number,
    inner: number,
    size: number,
    blocks: number,
  ): number {
    const column = this.thread.x % inner;
    const position = Math.floor(this.thread.x / inner) % length;
    const row = Math.floor(this.thread.x / (inner * length));
    const block = Math.floor(position / size);
    let before = 0;
    let sum = 0.0;
    for (; before < block; before++) {
      sum += sums[(row * blocks + before) * inner + column] as number;
    }
    for (let k = block * size; k <= position; k++) {
      sum += x[(row * length + k) * inner + column] as number;
    }
    return sum;
  },
};
