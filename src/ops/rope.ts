import { t } from '@vscode/l10n';
import { type Dim, formatDim, literalDim, literalOf, type Shape } from '../dims/index.ts';
import { demandRank, demandSame } from './families/axis-rules.ts';
import { elementwiseFlow } from './families/flows.ts';
import { countOf } from './families/row-major.ts';
import {
  type GpuStep,
  type HostTensor,
  type Kernel,
  type KernelArgument,
  type KernelThread,
  type Op,
  type Operand,
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
    const pairs = turned / 2;
    const places = [rows, width, turned, stride, pair];
    const turn = (cosines: KernelArgument, sines: KernelArgument): GpuStep => ({
      kernel: turnPairs,
      args: [{ operand: 'x' }, cosines, sines, ...places],
      length: countOf(call.shape),
    });
    const frequencies = knownFrequencies(call, turned);
    if (frequencies !== undefined) {
      const angles = { rows, offset: call.number('offset'), frequencies };
      return [turn(madeOf('cosines', Math.cos, angles), madeOf('sines', Math.sin, angles))];
    }
    const args = [{ operand: 'freqs' }, pairs, call.number('offset')];
    const length = rows * pairs;
    return [
      { kernel: cosinesOfPositions, args, length },
      { kernel: sinesOfPositions, args, length },
      turn({ step: 0 }, { step: 1 }),
    ];
  },
  form: (call) => {
    const { width, turned, rows } = layoutOf(call);
    const frequencies = knownFrequencies(call, turned);
    if (frequencies === undefined) return undefined;
    const pairs = turned / 2;
    const angles = Float64Array.from({ length: rows * pairs }, (_, at) => {
      const position = Math.floor(at / pairs) + call.number('offset');
      return position * (frequencies[at % pairs] as number);
    });
    const halves = call.text('style') === 'half';
    return { kind: 'rotation', positions: rows, width, pairs, halves, angles };
  },
  vjp: { none: 'The inverse rotation needs negative frequencies, which base does not have.' },
  torch: 'rope({x}, {base}, {style}, {dim}, {offset}, {freqs})',
  onnx: 'RotaryEmbedding',
  // Where the run computes the frequencies, float32 angles are as exact as the position is small.
  tolerance: 1e-5,
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
    const message = t`The style of rope is "half" or "interleaved", not "${style}".`;
    call.fail({ kind: 'argument', message });
  }
  const width = shape.axes.at(-1) as Dim;
  const turned = call.attribute('dim') === null ? width : call.dim('dim');
  call.within(turned, width, t`dim of rope`);
  if ((literalOf(turned) ?? 0) % 2 === 1) {
    const message = t`rope turns pairs, but ${formatDim(turned)} is odd.`;
    call.fail({ kind: 'argument', message });
  }
  const pairs = call.divide(turned, literalDim(2), t`The number of pairs of rope`);
  const frequencies = call.optional('freqs');
  const given = frequencies?.axes[0];
  if (given !== undefined) demandSame(call, given, pairs, t`The number of frequencies of rope`);
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

function frequenciesOf(call: RunCall<HostTensor>, turned: number): Float64Array {
  const given = call.optional('freqs');
  if (given === undefined) return frequenciesOfBase(call.number('base'), turned);
  if (given.data.length === turned / 2) return given.data;
  throw new OpFault(t`rope turns ${turned / 2} pairs, but has ${given.data.length} frequencies.`);
}

/** Undefined where the run computes them. */
function knownFrequencies(call: RunCall<Operand>, turned: number): Float64Array | undefined {
  const given = call.optional('freqs');
  return given === undefined ? frequenciesOfBase(call.number('base'), turned) : given.constant;
}

function frequenciesOfBase(base: number, turned: number): Float64Array {
  return Float64Array.from({ length: turned / 2 }, (_, i) => base ** ((-2 * i) / turned));
}

/** A function of every position's angles, by the processor: a GPU need not be exact about sine and cosine. */
function madeOf(
  name: string,
  ofAngle: (angle: number) => number,
  { rows, offset, frequencies }: Angles,
): KernelArgument {
  const pairs = frequencies.length;
  const fill = (target: Float32Array) => {
    for (let at = 0; at < target.length; at++) {
      const position = Math.floor(at / pairs) + offset;
      target[at] = ofAngle(position * (frequencies[at % pairs] as number));
    }
  };
  return { made: { key: `${name} ${rows} ${offset} ${frequencies}`, length: rows * pairs, fill } };
}

interface Angles {
  readonly rows: number;
  readonly offset: number;
  readonly frequencies: Float64Array;
}

/** `cosines`, `sines`: of every pair at every position. */
const turnPairs: Kernel = {
  name: 'rope',
  source: function (
    this: KernelThread,
    x: ArrayLike<number>,
    cosines: ArrayLike<number>,
    sines: ArrayLike<number>,
    rows: number,
    width: number,
    turned: number,
    stride: number,
    pair: number,
  ): number {
    const row = Math.floor(this.thread.x / width);
    const column = this.thread.x % width;
    const value = x[this.thread.x] as number;
    if (column >= turned) {
      return value;
    }
    const second = Math.floor(column / pair) % 2;
    const index = Math.floor((column - second * pair) / stride);
    const angle = Math.floor(((row % rows) * turned) / 2) + index;
    if (second > 0) {
      return (
        value * (cosines[angle] as number) +
        (x[this.thread.x - pair] as number) * (sines[angle] as number)
      );
    }
    return (
      value * (cosines[angle] as number) -
      (x[this.thread.x + pair] as number) * (sines[angle] as number)
    );
  },
};

// The series are those of the operators sin and cos: kernels are closed and cannot share them.

const cosinesOfPositions: Kernel = {
  name: 'rope_cosines',
  source: function (
    this: KernelThread,
    frequencies: ArrayLike<number>,
    pairs: number,
    offset: number,
  ): number {
    const position = Math.floor(this.thread.x / pairs) + offset;
    const angle = position * (frequencies[this.thread.x % pairs] as number);
    const turns = Math.floor(angle * 0.15915494309189535 + 0.5);
    const rest = angle - turns * 6.28125 - turns * 0.0019353071795864768;
    const folded = 1.5707963267948966 - Math.abs(rest);
    const t = folded * folded;
    const series =
      0.008333333333333333 +
      t * (-1.984126984126984e-4 + t * (2.7557319223985893e-6 - t * 2.505210838544172e-8));
    return folded * (1.0 + t * (-0.16666666666666666 + t * series));
  },
};

const sinesOfPositions: Kernel = {
  name: 'rope_sines',
  source: function (
    this: KernelThread,
    frequencies: ArrayLike<number>,
    pairs: number,
    offset: number,
  ): number {
    const position = Math.floor(this.thread.x / pairs) + offset;
    const angle = position * (frequencies[this.thread.x % pairs] as number);
    const turns = Math.floor(angle * 0.15915494309189535 + 0.5);
    const rest = angle - turns * 6.28125 - turns * 0.0019353071795864768;
    const folded = Math.min(Math.abs(rest), Math.PI - Math.abs(rest));
    const t = folded * folded;
    const series =
      0.008333333333333333 +
      t * (-1.984126984126984e-4 + t * (2.7557319223985893e-6 - t * 2.505210838544172e-8));
    const size = folded * (1.0 + t * (-0.16666666666666666 + t * series));
    return rest < 0 ? -size : size;
  },
};
