/** Slices as views: shared by reading a slice and by replacing one. */
import { t } from '@vscode/l10n';
import {
  type Dim,
  formatDim,
  formatShape,
  literalOf,
  type Shape,
  subtractDims,
} from '../../dims/index.ts';
import type { AttributeValue, SliceItem, SliceValue } from '../op.ts';
import { OpFault, type ShapeCall } from '../op.ts';
import { oneDim } from './axis-rules.ts';
import { type StridedView, stridesOf } from './row-major.ts';

/** The slice's shape; its bounds must lie within the axes. */
export function slicedShape(call: ShapeCall, operand: string): Shape {
  const shape = call.input(operand);
  const items = itemsOf(call);
  const named = items.filter(({ kind }) => kind !== 'new axis').length;
  if (named > shape.axes.length) {
    const message = t`${named} indices for a tensor ${formatShape(shape)}.`;
    return call.fail({ kind: shape.lead ? 'undecided' : 'rank', operand, message });
  }
  const behind = shape.axes.length - named;
  if (shape.lead && behind > 0) {
    const message = t`Which axes these indices mean depends on the leading axes of ${formatShape(shape)}: begin with "...".`;
    return call.fail({ kind: 'undecided', operand, message });
  }
  let axis = 0;
  const axes = items.flatMap((item): readonly Dim[] => {
    if (item.kind === 'new axis') return [oneDim];
    const length = shape.axes[axis++] as Dim;
    return item.kind === 'at' ? [] : [rangeLength(call, item.start, item.stop, length)];
  });
  checkIndices(call, items, shape);
  return { lead: shape.lead, axes: [...axes, ...shape.axes.slice(named)] };
}

function itemsOf(call: ShapeCall): readonly SliceItem[] {
  const items = call.attribute('items');
  return Array.isArray(items) ? (items as readonly SliceItem[]) : [];
}

function rangeLength(call: ShapeCall, start: Dim, stop: Dim, length: Dim): Dim {
  if ((literalOf(start) ?? 0) < 0 || (literalOf(stop) ?? 0) < 0) {
    const range = `${formatDim(start)}:${formatDim(stop)}`;
    const message = t`The slice ${range} begins before an axis of length ${formatDim(length)}. Slices never clamp.`;
    return call.fail({ kind: 'axis', message });
  }
  call.within(stop, length, t`The end of the slice`);
  call.within(start, stop, t`The start of the slice`);
  return subtractDims(stop, start);
}

function checkIndices(call: ShapeCall, items: readonly SliceItem[], shape: Shape): void {
  let axis = 0;
  for (const item of items) {
    if (item.kind === 'new axis') continue;
    const length = shape.axes[axis++] as Dim;
    if (item.kind !== 'at') continue;
    if ((literalOf(item.index) ?? 0) < 0) {
      const message = t`Index ${formatDim(item.index)} is before an axis of length ${formatDim(length)}.`;
      call.fail({ kind: 'axis', message });
    }
    call.within(item.index, subtractDims(length, oneDim), t`The index`);
  }
}

/** The slice as a view of its operand; the axes that are not mentioned stay whole. */
export function sliceView(shape: readonly number[], attribute: AttributeValue): StridedView {
  const values: readonly SliceValue[] = Array.isArray(attribute) ? attribute : [];
  const own = stridesOf(shape);
  const view = { shape: [] as number[], strides: [] as number[], base: 0 };
  let axis = 0;
  for (const item of values) {
    if (item.kind === 'new axis') {
      view.shape.push(1);
      view.strides.push(0);
      continue;
    }
    const [length, stride] = [shape[axis] as number, own[axis] as number];
    axis++;
    const [first, last] =
      item.kind === 'at' ? [item.index, item.index] : [item.start, item.stop - 1];
    if (first < 0 || last >= length || (item.kind === 'range' && item.stop < item.start)) {
      const asked = item.kind === 'at' ? `${item.index}` : `${item.start}:${item.stop}`;
      throw new OpFault(t`[${asked}] is outside an axis of length ${length}. Slices never clamp.`);
    }
    view.base += first * stride;
    if (item.kind === 'at') continue;
    view.shape.push(item.stop - item.start);
    view.strides.push(stride);
  }
  view.shape.push(...shape.slice(axis));
  view.strides.push(...own.slice(axis));
  return view;
}
