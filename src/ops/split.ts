import { t } from '@vscode/l10n';
import type { Dim } from '../dims/index.ts';
import { axisPosition, replaceAxis } from './families/axis-rules.ts';
import { axisLabel, elementwiseFlow } from './families/flows.ts';
import { frontAxis, type StridedView, stridesOf } from './families/row-major.ts';
import { arranged } from './families/strided.ts';
import type { Op, RunCall } from './op.ts';

export const split: Op = {
  name: 'split',
  doc: 'Cuts an axis, the last unless said, into equal parts: `a, b = split(x, 2)`.',
  signature: 'split(x: [...], parts: dim, axis: number = -1) -> [...]',
  flow: (call) => {
    const flow = elementwiseFlow(call);
    const label = axisLabel(call);
    const by = Number(call.output ?? 0) * call.length(call.result, -Number(label));
    return { ...flow, shifts: by === 0 ? [] : [{ operand: 0, label, by }] };
  },
  operations: 0,
  outputs: { count: 'parts' },
  result: 'as operand',
  shape: (call) => {
    const shape = call.input('x');
    const at = axisPosition(call, shape, 'x');
    if (call.integer('parts') < 1) {
      const message = t`split cuts into at least 1 part, not ${call.integer('parts')}.`;
      call.fail({ kind: 'argument', message });
    }
    const length = call.divide(shape.axes[at] as Dim, call.dim('parts'), t`The length of a part`);
    return replaceAxis(shape, at, length);
  },
  ...arranged(partOf),
  vjp: { none: 'The parts have no common y and dy.' },
  torch: '{x}.chunk({parts}, dim={axis})',
  onnx: 'Split',
  tolerance: 0,
  examples: [
    { inputs: { x: { normal: [2, 6], seed: 1 } }, attributes: { parts: 3 }, output: '1' },
    {
      inputs: { x: { normal: [4, 3, 2], seed: 2 } },
      attributes: { parts: 2, axis: 0 },
      output: '1',
    },
    { inputs: { x: { normal: [2, 6], seed: 1 } }, attributes: { parts: 2 }, output: '0' },
  ],
};

function partOf({
  input,
  number,
  output,
  shape,
}: RunCall<{ shape: readonly number[] }>): StridedView {
  const strides = stridesOf(input('x').shape);
  const at = frontAxis(number('axis'), shape.length);
  const base = Number(output ?? 0) * (shape[at] as number) * (strides[at] as number);
  return { shape, strides, base };
}
