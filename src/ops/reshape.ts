import { t } from '@vscode/l10n';
import {
  type Dim,
  formatDim,
  formatShape,
  literalOf,
  productOfDims,
  sameDim,
} from '../dims/index.ts';
import { demandSame } from './families/axis-rules.ts';
import { reshapeFlow } from './families/flows.ts';
import { stridesOf } from './families/row-major.ts';
import { arranged } from './families/strided.ts';
import type { Op, ShapeCall } from './op.ts';

export const reshape: Op = {
  name: 'reshape',
  doc: 'The same values in row-major order under other axes; one length may be -1 and follows from the others.',
  signature: 'reshape(x: [...], ...axes: dim) -> [...]',
  flow: reshapeFlow,
  operations: 0,
  result: 'as operand',
  shape: (call) => {
    const shape = call.input('x');
    if (shape.lead) {
      const message = t`How many values ${formatShape(shape)} has depends on its leading axes; rearrange with "..." leaves them alone.`;
      call.fail({ kind: 'undecided', operand: 'x', message });
    }
    const total = productOfDims(shape.axes);
    const axes = call.rest.map(({ value }) => value);
    const open = axes.flatMap((axis, at) => (literalOf(axis) === -1 ? [at] : []));
    const [missing] = open;
    if (open.length > 1) {
      call.fail({ kind: 'argument', message: t`Only one length of reshape may be -1.` });
    }
    const known = productOfDims(axes.filter((_, at) => at !== missing));
    if (missing === undefined) {
      demandCount(call, total, known);
      return { lead: false, axes };
    }
    const rest = call.divide(total, known, t`The length that reshape leaves open`);
    return { lead: false, axes: axes.with(missing, rest) };
  },
  ...arranged(({ shape }) => ({ shape, strides: stridesOf(shape), base: 0 })),
  vjp: { none: 'The language has no name for the shape of an operand.' },
  torch: '{x}.reshape([{axes}])',
  onnx: 'Reshape',
  tolerance: 0,
  examples: [
    {
      inputs: { x: { normal: [2, 6], seed: 1 } },
      rest: [
        { name: undefined, value: 3 },
        { name: undefined, value: 4 },
      ],
    },
    {
      inputs: { x: { normal: [2, 3, 2], seed: 2 } },
      rest: [
        { name: undefined, value: -1 },
        { name: undefined, value: 4 },
      ],
    },
  ],
};

function demandCount(call: ShapeCall, total: Dim, wanted: Dim): void {
  if (sameDim(total, wanted)) return;
  if (literalOf(total) !== undefined && literalOf(wanted) !== undefined) {
    const message = t`reshape keeps all values: ${formatDim(total)} of them do not fill ${formatDim(wanted)}.`;
    call.fail({ kind: 'argument', message });
  }
  demandSame(call, total, wanted, t`The number of values before or after reshape`);
}
