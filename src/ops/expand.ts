import { t } from '@vscode/l10n';
import { formatDim, formatShape, literalOf, sameDim, shapeOf } from '../dims/index.ts';
import { demandSame } from './families/axis-rules.ts';
import { elementwiseFlow } from './families/flows.ts';
import { broadcastStrides, type StridedView } from './families/row-major.ts';
import { arranged } from './families/strided.ts';
import type { Op, RunCall } from './op.ts';

export const expand: Op = {
  name: 'expand',
  doc: 'x broadcast to the given axes: axes of length 1 are repeated, new ones come in front.',
  signature: 'expand(x: [...], ...axes: dim) -> [...]',
  flow: elementwiseFlow,
  operations: 0,
  result: 'as operand',
  shape: (call) => {
    const shape = call.input('x');
    const target = shapeOf(...call.rest.map(({ value }) => value));
    const added = target.axes.length - shape.axes.length;
    if (shape.lead) {
      const message = t`Whether ${formatShape(shape)} expands to ${formatShape(target)} depends on its leading axes.`;
      call.fail({ kind: 'undecided', operand: 'x', message });
    }
    if (added < 0) {
      const message = t`${formatShape(shape)} has more axes than ${formatShape(target)}, to which it should expand.`;
      call.fail({ kind: 'rank', operand: 'x', message });
    }
    shape.axes.forEach((axis, at) => {
      const wanted = target.axes[added + at];
      if (wanted === undefined || literalOf(axis) === 1 || sameDim(axis, wanted)) return;
      if (literalOf(axis) !== undefined && literalOf(wanted) !== undefined) {
        const message = t`An axis of length ${formatDim(axis)} does not expand to ${formatDim(wanted)}; only length 1 is repeated.`;
        call.fail({ kind: 'axis', operand: 'x', message });
      }
      demandSame(call, axis, wanted, t`An axis before or after expand`);
    });
    return target;
  },
  ...arranged(expanded),
  vjp: { none: 'The language has no name for the axes that were repeated.' },
  torch: '{x}.expand([{axes}])',
  onnx: 'Expand',
  tolerance: 0,
  examples: [
    {
      inputs: { x: { normal: [3, 1], seed: 1 } },
      rest: [
        { name: undefined, value: 2 },
        { name: undefined, value: 3 },
        { name: undefined, value: 4 },
      ],
    },
    { inputs: { x: 1.5 }, rest: [{ name: undefined, value: 3 }] },
  ],
};

function expanded({ input, shape }: RunCall<{ shape: readonly number[] }>): StridedView {
  return { shape, strides: broadcastStrides(input('x').shape, shape), base: 0 };
}
