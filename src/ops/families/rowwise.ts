/** Operators that keep the shape and work along one axis, the last unless said: softmax and its kin. */
import type { Form } from '../form.ts';
import type { GpuStep, Kernel, Op } from '../op.ts';
import { axisPosition } from './axis-rules.ts';
import { alongFlow } from './flows.ts';
import { type AxisView, viewAlong } from './row-major.ts';

type RowwiseFields = Pick<Op, 'name' | 'doc' | 'vjp' | 'torch' | 'onnx' | 'examples'> &
  Partial<Pick<Op, 'role' | 'flow' | 'operations' | 'result' | 'tolerance'>> & {
    readonly row: (row: Float64Array) => Float64Array;
    readonly along: (view: AxisView) => Form;
    /** What gpu.js runs. */
    readonly steps: (view: AxisView) => readonly GpuStep[];
  };

export function rowwise({ row, along, steps, ...fields }: RowwiseFields): Op {
  return {
    signature: `${fields.name}(x: [...], axis: number = -1) -> [...]`,
    tolerance: 1e-6,
    flow: alongFlow('mixed'),
    shape: (call) => {
      const shape = call.input('x');
      axisPosition(call, shape, 'x');
      return shape;
    },
    reference: ({ input, number }) => {
      const { data, shape } = input('x');
      const { outer, length, inner } = viewAlong(shape, number('axis'));
      const result = new Float64Array(data.length);
      for (let i = 0; i < outer * inner; i++) {
        const start = Math.floor(i / inner) * length * inner + (i % inner);
        const values = row(
          Float64Array.from({ length }, (_, k) => data[start + k * inner] as number),
        );
        for (const [k, value] of values.entries()) result[start + k * inner] = value;
      }
      return result;
    },
    gpu: ({ input, number }) => steps(viewAlong(input('x').shape, number('axis'))),
    form: ({ input, number }) => along(viewAlong(input('x').shape, number('axis'))),
    ...fields,
  };
}

/**
 * @param statistics one value per row each; each kernel gets x and the statistics before it, then `length` and `inner`
 * @param apply one thread per value; gets x and all statistics, then `length` and `inner`
 */
export function byStatistics(statistics: readonly Kernel[], apply: Kernel): RowwiseFields['steps'] {
  return ({ outer, length, inner }) =>
    [...statistics, apply].map((kernel, before) => ({
      kernel,
      args: [
        { operand: 'x' },
        ...Array.from({ length: before }, (_, index) => ({ step: index })),
        length,
        inner,
      ],
      length: outer * inner * (kernel === apply ? length : 1),
    }));
}
