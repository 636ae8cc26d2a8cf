/** Flows that several operators share. Labels count axes from the end, so that leading axes broadcast. */
import { type Dim, literalOf, type Shape, sameDim } from '../../dims/index.ts';
import type { Flow, FlowCall } from './flow.ts';
import { groupsFor, hasEllipsis, readRearrange } from './rearrange-pattern.ts';

/** `3 2 1` for three axes. */
export function labelsOf({ axes }: Shape): readonly string[] {
  return axes.map((_, axis) => `${axes.length - axis}`);
}

/** Index by index, operands broadcast. */
export function elementwiseFlow({ operands, result }: FlowCall): Flow {
  return {
    operands: operands.map(({ shape }, operand) => broadcastLabels(shape, result, operand)),
    result: labelsOf(result),
  };
}

function broadcastLabels(shape: Shape, result: Shape, operand: number): readonly string[] {
  return shape.axes.map((axis, at) => {
    const target = result.axes[result.axes.length - shape.axes.length + at];
    const repeats = literalOf(axis) === 1 && (target === undefined || literalOf(target) !== 1);
    return `${repeats ? `one ${operand} ` : ''}${shape.axes.length - at}`;
  });
}

/** Index by index, but mixed along the axis that an attribute names. */
export function alongFlow(how: 'mixed' | 'running'): (call: FlowCall) => Flow {
  return (call) => ({ ...elementwiseFlow(call), [how]: [axisLabel(call)] });
}

/** The axis that an attribute names is gone, or kept with length 1. */
export function reductionFlow(call: FlowCall): Flow {
  const [x] = call.operands;
  const labels = x === undefined ? [] : labelsOf(x.shape);
  if (call.attribute('axis') === null) {
    return { operands: [labels], result: call.result.axes.map((_, axis) => `kept ${axis}`) };
  }
  const gone = axisLabel(call);
  const kept = call.attribute('keepdims') === true ? ['kept'] : [];
  return {
    operands: [labels],
    result: labels.flatMap((label) => (label === gone ? kept : [label])),
  };
}

/** The label of the axis that an attribute names, of the first operand. */
export function axisLabel({ operands, attribute }: FlowCall): string {
  const axis = attribute('axis');
  const rank = operands[0]?.shape.axes.length ?? 0;
  const at = typeof axis === 'number' ? axis : -1;
  return `${at < 0 ? -at : rank - at}`;
}

/** Nothing is read: positions, constants. */
export function sourceFlow({ result }: FlowCall): Flow {
  return { operands: [], result: labelsOf(result) };
}

/** The product over the last axis of the left and the last but one of the right; a vector is a row or a column. */
export function productFlow({ operands, result }: FlowCall): Flow | undefined {
  const [a, b] = operands.map(({ shape }) => shape);
  if (a === undefined || b === undefined) return undefined;
  const row = a.axes.length > 1 ? ['row'] : [];
  const column = b.axes.length > 1 ? ['column'] : [];
  const leading = result.axes.slice(0, result.axes.length - row.length - column.length);
  const lead: Shape = { lead: result.lead, axes: leading };
  const left = leadingLabels(a, row.length + 1, lead, 0);
  const right = leadingLabels(b, column.length + 1, lead, 1);
  return {
    operands: [
      [...left, ...row, 'sum'],
      [...right, 'sum', ...column],
    ],
    result: [...labelsOf(lead), ...row, ...column],
  };
}

function leadingLabels({ lead, axes }: Shape, own: number, result: Shape, operand: number) {
  return broadcastLabels({ lead, axes: axes.slice(0, -own) }, result, operand);
}

/** Axes in another order; those that are merged or split are lost. */
export function rearrangeFlow({ operands, attribute, result }: FlowCall): Flow | undefined {
  const text = attribute('pattern');
  const shape = operands[0]?.shape;
  const pattern = typeof text === 'string' ? readRearrange(text) : undefined;
  if (shape === undefined || pattern === undefined || 'problem' in pattern) return undefined;
  const leading = shape.axes.length - pattern.left.length + (hasEllipsis(pattern.left) ? 1 : 0);
  const name = (group: readonly string[]) => `(${group.join(' ')})`;
  const [before, after] = [pattern.left, pattern.right].map((side) =>
    groupsFor(side, leading).map(name),
  );
  if (before === undefined || after?.length !== result.axes.length) return undefined;
  return {
    operands: [before],
    result: after,
    lost: before.filter((label) => !after.includes(label)),
  };
}

/** The axes before the first that differs keep their place; what is behind is lost. */
export function reshapeFlow({ operands, result }: FlowCall): Flow | undefined {
  const shape = operands[0]?.shape;
  if (shape === undefined) return undefined;
  const differs = (axis: Dim, at: number) => {
    const other = result.axes[at];
    return other === undefined || !sameDim(axis, other);
  };
  const found = shape.axes.findIndex(differs);
  const kept = found < 0 ? shape.axes.length : found;
  const before = shape.axes.map((_, at) => (at < kept ? `${at}` : `old ${at}`));
  return {
    operands: [before],
    result: result.axes.map((_, at) => (at < kept ? `${at}` : `new ${at}`)),
    lost: before.slice(kept),
  };
}

/** One axis is repeated or scrambled, the others keep their place. */
export function scrambledFlow(call: FlowCall): Flow {
  const flow = elementwiseFlow(call);
  const lost = axisLabel(call);
  const renamed = (labels: readonly string[], name: string) =>
    labels.map((label) => (label === lost ? name : label));
  return {
    operands: flow.operands.map((labels) => renamed(labels, 'old')),
    result: renamed(flow.result, 'new'),
    lost: ['old'],
  };
}

/** Parts of the first operand's axes: ranges are shifted, single indices picked. */
export function sliceFlow({ operands, attribute, result }: FlowCall): Flow | undefined {
  const shape = operands[0]?.shape;
  const items = attribute('items');
  if (shape === undefined || !Array.isArray(items)) return undefined;
  const labels = shape.axes.map((_, at) => `${at}`);
  const kept: string[] = [];
  const shifts: { operand: number; label: string; by: number }[] = [];
  const picked = new Map<string, number>();
  let axis = 0;
  for (const item of items) {
    if (item.kind === 'new axis') {
      kept.push(`new ${kept.length}`);
      continue;
    }
    const label = `${axis++}`;
    if (item.kind === 'at') picked.set(label, item.index);
    else {
      kept.push(label);
      if (item.start !== 0) shifts.push({ operand: 0, label, by: item.start });
    }
  }
  const all = [...kept, ...labels.slice(axis)];
  return all.length === result.axes.length
    ? { operands: [labels], result: all, shifts, picked }
    : undefined;
}

/** An axis that is replaced as a whole goes index by index; of one that is replaced in part nothing is said. */
export function overwriteFlow({ operands, attribute, length }: FlowCall): Flow | undefined {
  const [x, value] = operands;
  const items = attribute('items');
  if (x === undefined || value === undefined || !Array.isArray(items)) return undefined;
  const lost: string[] = [];
  const slice: string[] = [];
  let axis = 0;
  for (const item of items) {
    if (item.kind === 'new axis') {
      slice.push(`new ${slice.length}`);
      continue;
    }
    const isWhole =
      item.kind === 'range' && item.start === 0 && item.stop === length(x.shape, axis);
    if (!isWhole) lost.push(`${axis}`);
    if (item.kind === 'range') slice.push(isWhole ? `${axis}` : `part ${axis}`);
    axis += 1;
  }
  const labels = x.shape.axes.map((_, at) => `${at}`);
  slice.push(...labels.slice(axis));
  return {
    operands: [
      labels,
      value.shape.axes.map((size, at) =>
        literalOf(size) === 1
          ? `one ${at}`
          : (slice[slice.length - value.shape.axes.length + at] ?? `beyond ${at}`),
      ),
    ],
    result: labels.map((label) => (lost.includes(label) ? `new ${label}` : label)),
    lost: [...lost, ...lost.map((label) => `part ${label}`)],
  };
}

/** Parts one after the other along an axis. */
export function joinedFlow(call: FlowCall): Flow {
  const label = axisLabel(call);
  let start = 0;
  const shifts = call.operands.map(({ shape }, operand) => {
    const by = -start;
    start += call.length(shape, shape.axes.length - Number(label));
    return { operand, label, by };
  });
  return {
    operands: call.operands.map(({ shape }) => labelsOf(shape)),
    result: labelsOf(call.result),
    shifts: shifts.filter(({ by }) => by !== 0),
  };
}
