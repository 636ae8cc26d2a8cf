import { t } from '@vscode/l10n';
import { formatShape, literalDim } from '../dims/index.ts';
import { axisPosition } from './families/axis-rules.ts';
import { labelsOf } from './families/flows.ts';
import { joinForm, joinParts, joinSteps } from './families/joining.ts';
import { frontAxis } from './families/row-major.ts';
import type { HostTensor, Op } from './op.ts';

export const stack: Op = {
  name: 'stack',
  doc: 'Tensors of one shape laid side by side along a new axis, the first unless said.',
  signature: 'stack(...parts: [...], axis: number = 0) -> [...]',
  flow: ({ operands, attribute, result }) => {
    const rank = result.axes.length;
    const axis = attribute('axis');
    const at = typeof axis === 'number' ? (axis + rank) % rank : 0;
    const labels = operands[0] === undefined ? [] : labelsOf(operands[0].shape);
    return { operands: operands.map(() => labels), result: labels.toSpliced(at, 0, 'part') };
  },
  operations: 0,
  result: 'as operand',
  shape: (call) => {
    const shapes = call.all('parts');
    const [first] = shapes;
    if (first === undefined) {
      return call.fail({ kind: 'argument', message: t`stack joins at least one tensor.` });
    }
    const at = axisPosition(call, first, 'parts', 'axis', 1);
    shapes.forEach((shape, part) => {
      if (shape.lead !== first.lead || shape.axes.length !== first.axes.length) {
        const message = t`stack joins tensors of one shape, but found ${formatShape(first)} and ${formatShape(shape)}.`;
        const kind = shape.lead || first.lead ? 'undecided' : 'rank';
        call.fail({ kind, operand: 'parts', part, message });
      }
      if (part === 0) return;
      shape.axes.forEach((_, axis) => {
        call.agree({ operand: 'parts', part: 0, axis }, { operand: 'parts', part, axis });
      });
    });
    return { lead: first.lead, axes: first.axes.toSpliced(at, 0, literalDim(shapes.length)) };
  },
  reference: ({ all, number, shape }) => {
    const at = frontAxis(number('axis'), shape.length);
    const parts = all('parts').map(
      (part): HostTensor => ({ ...part, shape: part.shape.toSpliced(at, 0, 1) }),
    );
    return joinParts(parts, at);
  },
  gpu: ({ all, number, shape }) => {
    const at = frontAxis(number('axis'), shape.length);
    return joinSteps(
      all('parts').map((part) => part.shape.toSpliced(at, 0, 1)),
      at,
    );
  },
  form: ({ all, number, shape }) => {
    const at = frontAxis(number('axis'), shape.length);
    return joinForm(
      all('parts').map((part) => part.shape.toSpliced(at, 0, 1)),
      shape,
      at,
    );
  },
  vjp: { none: 'The language has no names for the parts of a variadic operator.' },
  torch: 'torch.stack({parts}, dim={axis})',
  onnx: 'Concat of Unsqueeze',
  tolerance: 0,
  examples: [
    {
      inputs: {
        parts: [
          { normal: [2, 3], seed: 1 },
          { normal: [2, 3], seed: 2 },
        ],
      },
    },
    {
      inputs: {
        parts: [
          { normal: [2, 3], seed: 1 },
          { normal: [2, 3], seed: 2 },
          { normal: [2, 3], seed: 3 },
        ],
      },
      attributes: { axis: -1 },
    },
    { inputs: { parts: [1, 2, 3] } },
  ],
};
