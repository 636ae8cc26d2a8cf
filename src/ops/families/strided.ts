/** The one kernel of all operators that only move values: the result read from the operand with other strides. */
import type {
  GpuStep,
  HostTensor,
  Kernel,
  KernelArgument,
  KernelThread,
  Op,
  Operand,
  RunCall,
} from '../op.ts';
import { countOf, type StridedView, stridesOf, walk } from './row-major.ts';
import { wholeTable } from './whole-table.ts';

/** What an operator is that gives `x` in another arrangement. */
export function arranged(
  viewOf: (call: RunCall<Operand>) => StridedView,
): Pick<Op, 'reference' | 'gpu' | 'form'> {
  return {
    reference: (call) => readView(call.input('x'), viewOf(call)),
    gpu: (call) => copyView({ operand: 'x' }, viewOf(call), call.input('x').shape),
    form: (call) => ({ kind: 'view', of: { operand: 'x' }, view: viewOf(call) }),
  };
}

export function readView(
  { data }: HostTensor,
  { shape, strides, base }: StridedView,
): Float64Array {
  const result = new Float64Array(countOf(shape));
  walk(shape, [strides], (position, [offset]) => {
    result[position] = data[base + (offset as number)] as number;
  });
  return result;
}

/** The steps that read a view; none where the operand already lies so. */
function copyView(
  source: KernelArgument,
  view: StridedView,
  operandShape: readonly number[],
): readonly GpuStep[] {
  return isWhole(view, operandShape) ? [] : [copyStep(source, view)];
}

export function copyStep(source: KernelArgument, { shape, strides, base }: StridedView): GpuStep {
  // Innermost axis first, as the kernel takes a position apart.
  const axes = shape.map((length, axis) => [length, strides[axis] as number] as const).toReversed();
  const used = axes.filter(([length]) => length !== 1);
  return {
    kernel: stridedCopy,
    args: [source, { table: wholeTable([...used.flat(), 1]) }, used.length, base],
    length: countOf(shape),
  };
}

function isWhole({ shape, strides, base }: StridedView, operandShape: readonly number[]): boolean {
  const straight = stridesOf(shape);
  return (
    base === 0 &&
    countOf(shape) === countOf(operandShape) &&
    shape.every((length, axis) => length === 1 || strides[axis] === straight[axis])
  );
}

/** `axes`: per axis its length and its stride. */
const stridedCopy: Kernel = {
  name: 'strided_copy',
  source: function (
    this: KernelThread,
    x: ArrayLike<number>,
    axes: ArrayLike<number>,
    rank: number,
    base: number,
  ): number {
    let rest = this.thread.x;
    let place = base;
    for (let axis = 0; axis < rank; axis++) {
      const length = (axes[4 * axis] as number) * 32768 + (axes[4 * axis + 1] as number);
      const stride = (axes[4 * axis + 2] as number) * 32768 + (axes[4 * axis + 3] as number);
      place += (rest % length) * stride;
      rest = Math.floor(rest / length);
    }
    return x[place] as number;
  },
};
