import { type Dim, multiplyDims } from '../dims/index.ts';
import { axisPosition, replaceAxis } from './families/axis-rules.ts';
import { scrambledFlow } from './families/flows.ts';
import { frontAxis, type StridedView, stridesOf } from './families/row-major.ts';
import { arranged } from './families/strided.ts';
import type { Op, RunCall } from './op.ts';

export const repeatAxis: Op = {
  name: 'repeat_axis',
  doc: 'Every part along an axis repeated, a, a, b, b: how key and value heads are shared.',
  signature: 'repeat_axis(x: [...], times: dim, axis: number = -1) -> [...]',
  flow: scrambledFlow,
  operations: 0,
  result: 'as operand',
  shape: (call) => {
    const shape = call.input('x');
    const at = axisPosition(call, shape, 'x');
    return replaceAxis(shape, at, multiplyDims(shape.axes[at] as Dim, call.dim('times')));
  },
  ...arranged(repeated),
  vjp: { none: 'The language has no name for the number of axes before the repeated one.' },
  torch: '{x}.repeat_interleave({times}, dim={axis})',
  onnx: 'Reshape(Expand(Unsqueeze))',
  tolerance: 0,
  examples: [
    { inputs: { x: { normal: [2, 3], seed: 1 } }, attributes: { times: 2 } },
    { inputs: { x: { normal: [2, 3, 4], seed: 2 } }, attributes: { times: 3, axis: -3 } },
    { inputs: { x: { normal: [2, 3, 4], seed: 3 } }, attributes: { times: 1, axis: 1 } },
  ],
};

/** The axis split in two, of which the inner one stands still. */
function repeated({ input, number }: RunCall<{ shape: readonly number[] }>): StridedView {
  const { shape } = input('x');
  const behind = frontAxis(number('axis'), shape.length) + 1;
  return {
    shape: shape.toSpliced(behind, 0, number('times')),
    strides: stridesOf(shape).toSpliced(behind, 0, 0),
    base: 0,
  };
}
