/** What the shape rules of several operators ask of axes. */
import { t } from '@vscode/l10n';
import { type Dim, formatShape, literalDim, type Shape } from '../../dims/index.ts';
import type { ShapeCall } from '../op.ts';

/**
 * The position among the shape's axes that attribute `name` means; ends the rule where there is none.
 * @param room 1 where the axis after the last may be meant, as for a new axis
 */
export function axisPosition(
  call: ShapeCall,
  shape: Shape,
  operand: string,
  name = 'axis',
  room = 0,
): number {
  const axis = call.integer(name);
  const rank = shape.axes.length + room;
  if (axis < 0 ? axis >= -rank : !shape.lead && axis < rank) return axis < 0 ? axis + rank : axis;
  if (shape.lead) {
    const message =
      axis < 0
        ? t`Axis ${axis} of ${formatShape(shape)} is one of its leading axes, which are not known here.`
        : t`Axis ${axis} of ${formatShape(shape)} depends on how many leading axes there are: count from the end, from -1.`;
    return call.fail({ kind: 'undecided', operand, message });
  }
  const found = formatShape(shape);
  const message =
    rank === 0
      ? t`There is no axis ${axis} in ${found}, which has no axes.`
      : t`There is no axis ${axis} in ${found}, whose axes are ${-rank} to ${rank - 1}.`;
  return call.fail({ kind: 'axis', operand, message });
}

/** Demands at least so many axes. */
export function demandRank(call: ShapeCall, operand: string, least: number): Shape {
  const shape = call.input(operand);
  if (shape.axes.length >= least) return shape;
  const found = formatShape(shape);
  if (shape.lead) {
    const message = t`${found} needs ${least} known last axes here, but most of them are among its leading axes.`;
    return call.fail({ kind: 'undecided', operand, message });
  }
  const message =
    least === 1
      ? t`This takes a tensor of at least 1 axis, but ${operand} is ${found}.`
      : t`This takes a tensor of at least ${least} axes, but ${operand} is ${found}.`;
  return call.fail({ kind: 'rank', operand, message });
}

/** Demands that two lengths agree where they are not both axes of operands. */
export function demandSame(call: ShapeCall, a: Dim, b: Dim, what: string): void {
  call.within(a, b, what);
  call.within(b, a, what);
}

/** The shape with one axis replaced, or removed where `length` is undefined. */
export function replaceAxis({ lead, axes }: Shape, at: number, length: Dim | undefined): Shape {
  return { lead, axes: axes.flatMap((axis, i) => (i === at ? (length ?? []) : axis)) };
}

export const oneDim = literalDim(1);
