import { type Dim, formatShape, literalOf, multiplyDims, productOfDims, sameDim } from '../dims/index.ts';
import type { Op, ShapeCall } from './op.ts';

export const reshape: Op = {
  name: 'reshape',
  doc: 'The same values in row-major order under other axes; one length may be -1 and follows from the others.',
  signature: 'reshape(x: [...], ...axes: dim) -> [...]',
  result: 'as operand',
  shape: (call) => {
    const shape = call.input('x');
    if (shape.lead) {
      const message = `How many values ${formatShape(shape)} has depends on its leading axes; rearrange with "..." leaves them alone.`;
      call.fail({ kind: 'undecided', operand: 'x', message });
    }
    const total = productOfDims(shape.axes);
    const axes = call.rest.map(({ value }) => value);
    const open = axes.flatMap((axis, at) => (literalOf(axis) === -1 ? [at] : []));
    const [missing] = open;
    if (open.length > 1) {
      call.fail({ kind: 'argument', message: 'Only one length of reshape may be -1.' });
    }
    const known = productOfDims(axes.filter((_, at) => at !== missing));
    if (missing === undefined) {
      demandCount(call, total, known);
      return { lead: false, axes };
    }
    const rest = call.divide(total, known, 'The length that reshape leaves open');
    return { lead: false, axes: axes.with(missing, rest) };
  },
  reference: ({ input }) => input('x').data.slice(),
  gpu: () => [],
  vjp: { none: 'The language has no name for the shape of an operand.' },
  torch: '{x}.reshape([{axes}])',
  onnx: 'Reshape',
  tolerance: 0,
  examples: [],
};

/** The quotient of two equal products is 1; a division shows both where they differ. */
function demandCount(call: ShapeCall, total: Dim, wanted: Dim): void {
  if (sameDim(total, wanted)) return;
  call.within(total, wanted, 'The number of values of reshape');
  call.within(wanted, multiplyDims(total, productOfDims([])), 'The number of values of reshape');
}
