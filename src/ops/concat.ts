import { t } from '@vscode/l10n';
import { addDims, type Dim, formatShape, type Shape } from '../dims/index.ts';
import { axisPosition, replaceAxis } from './families/axis-rules.ts';
import { joinedFlow } from './families/flows.ts';
import { joinForm, joinParts, joinSteps } from './families/joining.ts';
import type { Op, ShapeCall } from './op.ts';

export const concat: Op = {
  name: 'concat',
  doc: 'Tensors joined along an axis, the last unless said; all other axes agree.',
  signature: 'concat(...parts: [...], axis: number = -1) -> [...]',
  flow: joinedFlow,
  operations: 0,
  result: 'as operand',
  shape: (call) => {
    const shapes = call.all('parts');
    const [first] = shapes;
    if (first === undefined) {
      return call.fail({ kind: 'argument', message: t`concat joins at least one tensor.` });
    }
    const at = axisPosition(call, first, 'parts');
    const common = agreedShape(call, shapes, first, at);
    const length = shapes.map(({ axes }) => axes[at] as Dim).reduce(addDims);
    return replaceAxis(common, at, length);
  },
  reference: ({ all, number }) => joinParts(all('parts'), number('axis')),
  gpu: ({ all, number }) => {
    const shapes = all('parts').map(({ shape }) => shape);
    return joinSteps(shapes, number('axis'));
  },
  form: ({ all, number, shape }) =>
    joinForm(
      all('parts').map((part) => part.shape),
      shape,
      number('axis'),
    ),
  vjp: { none: 'The language has no names for the parts of a variadic operator.' },
  torch: 'torch.cat({parts}, dim={axis})',
  onnx: 'Concat',
  tolerance: 0,
  examples: [
    {
      inputs: {
        parts: [
          { normal: [2, 3], seed: 1 },
          { normal: [2, 1], seed: 2 },
          { normal: [2, 4], seed: 3 },
        ],
      },
    },
    {
      inputs: {
        parts: [
          { normal: [1, 2, 3], seed: 4 },
          { normal: [4, 2, 3], seed: 5 },
        ],
      },
      attributes: { axis: 0 },
    },
    { inputs: { parts: [[1, 2]] } },
  ],
};

function agreedShape(call: ShapeCall, shapes: readonly Shape[], first: Shape, at: number): Shape {
  const axes = [...first.axes];
  shapes.forEach((shape, part) => {
    if (shape.lead !== first.lead || shape.axes.length !== first.axes.length) {
      const message = t`concat joins tensors with the same number of axes, but found ${formatShape(first)} and ${formatShape(shape)}.`;
      const kind = shape.lead || first.lead ? 'undecided' : 'rank';
      call.fail({ kind, operand: 'parts', part, message });
    }
    if (part === 0) return;
    shape.axes.forEach((_, axis) => {
      if (axis === at) return;
      axes[axis] = call.agree(
        { operand: 'parts', part: 0, axis },
        { operand: 'parts', part, axis },
      );
    });
  });
  return { lead: first.lead, axes };
}
