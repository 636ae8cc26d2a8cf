import { type Dim, formatDim, literalDim, literalOf, type Shape } from '../dims/index.ts';
import { demandRank, demandSame } from './families/axis-rules.ts';
import { elementwiseFlow } from './families/flows.ts';
import { countOf } from './families/row-major.ts';
import {
  type HostTensor,
  type Kernel,
  type KernelThread,
  type Op,
  OpFault,
  type RunCall,
  type ShapeCall,
} from './op.ts';

export const rope: Op = {
  name: 'rope',
  doc: 'Rotary position embedding (Su et al. 2021): rotates pairs along the last axis by position·frequency, the position counted along the axis before it from `offset`; "half" pairs i with i + dim/2 (Llama), "interleaved" 2i with 2i + 1.',
  signature:
    'rope(x: [..., N, k], base: number = 10000, style: string = "half", dim: dim? = none, offset: number = 0, freqs: [f]? = none) -> [..., N, k]',
  flow: (call) => {
    const { operands, result } = elementwiseFlow(call);
    const frequencies = operands.slice(1).map(() => ['f']);
    return { operands: [...operands.slice(0, 1), ...frequencies], result, mixed: ['1'] };
  },
  operations: 3,
  shape: ropeShape,
  reference: (call) => {
    const { data } = call.input('x');
    const { width, turned, rows, stride, pair } = layoutOf(call);
    const frequencies = frequenciesOf(call, turned);
    const result = data.slice();
    for (let row = 0; row * width < data.length; row++) {
      const position = (row % rows) + call.number('offset');
      for (let i = 0; i < turned / 2; i++) {
        const angle = position * (frequencies[i] as number);
        const at = row * width + i * stride;
        const [a, b] = [data[at] as number, data[at + pair] as number];
        result[at] = a * Math.cos(angle) - b * Math.sin(angle);
        result[at + pair] = b * Math.cos(angle) + a * Math.sin(angle);
      }
    }
    return result;
  },
  gpu: (call) => {
    const { width, turned, rows, stride, pair } = layoutOf(call);
    const places = [rows, width, turned, stride, pair, call.number('offset')];
    const length = countOf(call.shape);
    if (call.optional('freqs') === undefined) {
      const args = [{ operand: 'x' }, ...places, -Math.log(call.number('base'))];
      return [{ kernel: byBase, args, length }];
    }
    return [
      { kernel: byFrequencies, args: [{ operand: 'x' }, { operand: 'freqs' }, ...places], length },
    ];
  },
  vjp: { none: 'The inverse rotation needs negative frequencies, which base does not have.' },
  torch: 'rope({x}, {base}, {style}, {dim}, {offset}, {freqs})',
  onnx: 'RotaryEmbedding',
  // WGSL promises 2^-11 for sine and cosine, and float32 angles are as exact as the position is small.
  tolerance: 2e-3,
  examples: [
    { inputs: { x: { normal: [2, 3, 8], seed: 1 } } },
    { inputs: { x: { normal: [5, 6], seed: 2 } }, attributes: { style: 'interleaved', base: 500 } },
    { inputs: { x: { normal: [2, 2, 3, 8], seed: 3 } }, attributes: { dim: 4, offset: 7 } },
    { inputs: { x: { normal: [3, 4], seed: 4 }, freqs: [1, 0.5] } },
  ],
};

function ropeShape(call: ShapeCall): Shape {
  const shape = demandRank(call, 'x', 2);
  const style = call.text('style');
  if (style !== 'half' && style !== 'interleaved') {
    const message = `The style of rope is "half" or "interleaved", not "${style}".`;
    call.fail({ kind: 'argument', message });
  }
  const width = shape.axes.at(-1) as Dim;
  const turned = call.attribute('dim') === null ? width : call.dim('dim');
  call.within(turned, width, 'dim of rope');
  if ((literalOf(turned) ?? 0) % 2 === 1) {
    const message = `rope turns pairs, but ${formatDim(turned)} is odd.`;
    call.fail({ kind: 'argument', message });
  }
  const pairs = call.divide(turned, literalDim(2), 'The number of pairs of rope');
  const frequencies = call.optional('freqs');
  const given = frequencies?.axes[0];
  if (given !== undefined) demandSame(call, given, pairs, 'The number of frequencies of rope');
  return shape;
}

interface Layout {
  readonly width: number;
  readonly turned: number;
  readonly rows: number;
  /** From one pair to the next. */
  readonly stride: number;
  /** From a pair's first value to its second. */
  readonly pair: number;
}

function layoutOf({ input, attribute, text }: RunCall<{ shape: readonly number[] }>): Layout {
  const { shape } = input('x');
  const width = shape.at(-1) ?? 1;
  const dim = attribute('dim');
  const turned = typeof dim === 'number' ? dim : width;
  const halves = text('style') === 'half';
  return {
    width,
    turned,
    rows: shape.at(-2) ?? 1,
    stride: halves ? 1 : 2,
    pair: halves ? turned / 2 : 1,
  };
}

function frequenciesOf({ optional, number }: RunCall<HostTensor>, turned: number): Float64Array {
  const given = optional('freqs');
  if (given === undefined) {
    const base = number('base');
    return Float64Array.from({ length: turned / 2 }, (_, i) => base ** ((-2 * i) / turned));
  }
  if (given.data.length === turned / 2) return given.data;
  throw new OpFault(`rope turns ${turned / 2} pairs, but has ${given.data.length} frequencies.`);
}

const byBase: Kernel = {
  name: 'rope_base',
  source: function (
    this: KernelThread,
    x: ArrayLike<number>,
    rows: number,
    width: number,
    turned: number,
    stride: number,
    pair: number,
    offset: number,
    logBase: number,
  ): number {
    const row = Math.floor(this.thread.x / width);
    const column = this.thread.x % width;
    const value = x[this.thread.x] as number;
    if (column >= turned) {
      return value;
    }
    const second = Math.floor(column / pair) % 2;
    const index = Math.floor((column - second * pair) / stride);
    const angle = ((row % rows) + offset) * Math.exp((logBase * 2.0 * index) / turned);
    const turns = Math.floor(angle * 0.15915494309189535);
    const rest = angle - turns * 6.283185307179586;
    if (second > 0) {
      return value * Math.cos(rest) + (x[this.thread.x - pair] as number) * Math.sin(rest);
    }
    return value * Math.cos(rest) - (x[this.thread.x + pair] as number) * Math.sin(rest);
  },
};

const byFrequencies: Kernel = {
  name: 'rope_frequencies',
  source: function (
    this: KernelThread,
    x: ArrayLike<number>,
    frequencies: ArrayLike<number>,
    rows: number,
    width: number,
    turned: number,
    stride: number,
    pair: number,
    offset: number,
  ): number {
    const row = Math.floor(this.thread.x / width);
    const column = this.thread.x % width;
    const value = x[this.thread.x] as number;
    if (column >= turned) {
      return value;
    }
    const second = Math.floor(column / pair) % 2;
    const index = Math.floor((column - second * pair) / stride);
    const angle = ((row % rows) + offset) * (frequencies[index] as number);
    const turns = Math.floor(angle * 0.15915494309189535);
    const rest = angle - turns * 6.283185307179586;
    if (second > 0) {
      return value * Math.cos(rest) + (x[this.thread.x - pair] as number) * Math.sin(rest);
    }
    return value * Math.cos(rest) - (x[this.thread.x + pair] as number) * Math.sin(rest);
  },
};
