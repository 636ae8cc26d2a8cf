/** Reductions along one axis (the last unless said), or over all values with `axis: none`. */
import { t } from '@vscode/l10n';
import { formatShape, type Shape, scalarShape } from '../../dims/index.ts';
import type { Reduction } from '../form.ts';
import {
  type GpuPlan,
  type HostTensor,
  type Kernel,
  type KernelArgument,
  type Op,
  OpFault,
  type RunCall,
  type ShapeCall,
} from '../op.ts';
import { axisPosition, oneDim, replaceAxis } from './axis-rules.ts';
import { reductionFlow } from './flows.ts';
import { type AxisView, countOf, viewAlong } from './row-major.ts';

export function reducedShape(call: ShapeCall): Shape {
  const shape = call.input('x');
  const keeps = call.attribute('keepdims') === true;
  if (call.attribute('axis') !== null) {
    return replaceAxis(shape, axisPosition(call, shape, 'x'), keeps ? oneDim : undefined);
  }
  if (!keeps) return scalarShape;
  if (!shape.lead) return { lead: false, axes: shape.axes.map(() => oneDim) };
  const message = t`How many axes to keep of ${formatShape(shape)} depends on its leading axes.`;
  return call.fail({ kind: 'undecided', operand: 'x', message });
}

/** The rows that a call reduces. */
export function reducedView({ attribute, input }: RunCall<{ shape: readonly number[] }>): AxisView {
  const { shape } = input('x');
  const axis = attribute('axis');
  if (typeof axis !== 'number') return { outer: 1, length: countOf(shape), inner: 1 };
  return viewAlong(shape, axis);
}

/** Applies a function to every row. */
export function reduceRows(
  call: RunCall<HostTensor>,
  reduce: (row: Float64Array) => number,
): Float64Array {
  const { data } = call.input('x');
  const { outer, length, inner } = reducedView(call);
  return Float64Array.from({ length: outer * inner }, (_, i) => {
    const start = Math.floor(i / inner) * length * inner + (i % inner);
    return reduce(Float64Array.from({ length }, (_, k) => data[start + k * inner] as number));
  });
}

/** The mean of a row; of an empty one NaN, as NumPy and PyTorch say. */
export function meanOf(row: Float64Array): number {
  return sumOf(row) / row.length;
}

/** The mean squared difference to the mean. */
export function varianceOf(row: Float64Array): number {
  const mean = meanOf(row);
  return row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length;
}

export function sumOf(row: Float64Array): number {
  return row.reduce((sum, value) => sum + value, 0);
}

/** For results that an empty row does not have. */
export function demandValues(row: Float64Array, operator: string): void {
  if (row.length === 0) throw new OpFault(t`${operator} of an axis of length 0 has no value.`);
}

/**
 * Runs kernels one after the other, one thread per row. Each gets x, the results of those before it, then `length` and
 * `inner`: the row of thread i starts at Math.floor(i / inner) · length · inner + i % inner and steps by inner.
 */
export function reductionPlan(...kernels: readonly Kernel[]): GpuPlan {
  return (call) => {
    const { outer, length, inner } = reducedView(call);
    return kernels.map((kernel, at) => {
      const earlier = kernels.slice(0, at).map((_, step): KernelArgument => ({ step }));
      const args = [{ operand: 'x' }, ...earlier, length, inner];
      return { kernel, args, length: outer * inner };
    });
  };
}

type ReductionFields = Pick<Op, 'doc' | 'vjp' | 'torch' | 'onnx' | 'examples'> &
  Partial<Pick<Op, 'result' | 'tolerance' | 'operations'>> & {
    readonly name: Reduction;
    readonly row: (row: Float64Array) => number;
    readonly kernels: readonly Kernel[];
  };

/**
 * A reduction. Its derivative is written as if the reduced axis were kept with length 1, in `y` and in `dy`.
 */
export function reduction({ row, kernels, ...fields }: ReductionFields): Op {
  return {
    signature: `${fields.name}(x: [...], axis: number? = -1, keepdims: bool = false) -> [...]`,
    role: 'reduction',
    flow: reductionFlow,
    tolerance: 2e-5,
    shape: reducedShape,
    reference: (call) => reduceRows(call, row),
    gpu: reductionPlan(...kernels),
    form: (call) => ({ kind: 'reduce', fn: fields.name, along: reducedView(call) }),
    ...fields,
  };
}
