/** Forms become instructions. Each returns false where the kernels cannot do it. */
import type { NodeId, OperatorNode } from '../../../graph/index.ts';
import type { Instruction, Strided } from '../../../kernels/index.ts';
import {
  type Assembly,
  type Binary,
  countOf,
  type Form,
  type Rotation,
  type Where,
} from '../../../ops/index.ts';
import type { Buffer } from './arena.ts';
import { rowsCollapsed } from './collapse.ts';
import { broadcastTo, isStraight, type Layout, straight, viewThrough } from './layout.ts';
import { operandOf } from './lowered.ts';
import { addressOf, type Place, type PlanWriter, type Read } from './plan.ts';

/** Axes that the elementwise kernels and the copying kernel take. */
const mostAxes = { elementwise: 6, copy: 8 };

export function emitForm(plan: PlanWriter, node: OperatorNode, form: Form): boolean {
  switch (form.kind) {
    case 'view':
      return emitCopy(plan, node, operandOf(node, form.of), form.view);
    case 'assembly':
      return emitAssembly(plan, node, form);
    case 'unary': {
      const x = operandOf(node, form.of);
      return rowwise(plan, node, x, (addresses, sizes) => ({
        kind: 'unary',
        fn: form.fn,
        ...sizes,
        ...addresses,
      }));
    }
    case 'binary':
      return emitBinary(plan, node, form);
    case 'where':
      return emitWhere(plan, node, form);
    case 'reduce':
      return rowwise(plan, node, soleOperand(node, 'x'), (addresses) => ({
        kind: 'reduce',
        fn: form.fn,
        ...form.along,
        ...addresses,
      }));
    case 'softmax':
      return rowwise(plan, node, soleOperand(node, 'x'), (addresses) => ({
        kind: 'softmax',
        log: form.log,
        ...form.along,
        ...addresses,
      }));
    case 'cumulative sum':
      return rowwise(plan, node, soleOperand(node, 'x'), (addresses) => ({
        kind: 'cumulative sum',
        ...form.along,
        ...addresses,
      }));
    case 'mask': {
      const { rows, columns } = form;
      const matrices = rows * columns === 0 ? 0 : countOf(node.shape) / (rows * columns);
      const [lowest, highest] = [bounded(form.lowest), bounded(form.highest)];
      return rowwise(plan, node, soleOperand(node, 'scores'), (addresses) => ({
        kind: 'mask',
        matrices,
        rows,
        columns,
        lowest,
        highest,
        ...addresses,
      }));
    }
    case 'rotation':
      return emitRotation(plan, node, form);
    case 'rows':
      return emitRows(plan, node, form.width);
    case 'product':
      // Products are written by themselves, with what is fused into them.
      return false;
  }
}

/** Kernels know whole numbers of 32 bits, and no axis is that long. */
function bounded(offset: number): number {
  return Math.max(-(2 ** 30), Math.min(2 ** 30, offset));
}

function soleOperand(node: OperatorNode, operand: string): NodeId {
  return operandOf(node, { operand });
}

/** An instruction from one dense tensor to the result. */
function rowwise(
  plan: PlanWriter,
  node: OperatorNode,
  operand: NodeId,
  instruction: (
    addresses: { readonly x: number; readonly y: number },
    sizes: { readonly rows: number; readonly columns: number },
  ) => Instruction,
): boolean {
  const x = plan.densePlace(operand);
  const { buffer } = plan.result(node.id);
  const columns = node.shape.at(-1) ?? 1;
  const rows = columns === 0 ? 0 : countOf(node.shape) / columns;
  const addresses = { x: addressOf(x.buffer, x.layout), y: buffer.address };
  // A statistic along another axis than the last reads across rows, and then shares them otherwise too.
  const reads = [{ buffer: x.buffer, byRow: true }];
  plan.write(node.id, reads, buffer, instruction(addresses, { rows, columns }));
  return true;
}

function emitBinary(plan: PlanWriter, node: OperatorNode, form: Binary): boolean {
  const places = [form.a, form.b].map((name) => plan.place(operandOf(node, name)));
  const strides = places.map(({ layout }) => broadcastTo(layout, node.shape));
  const { shape, strides: steps } = rowsCollapsed(node.shape, strides);
  if (shape.length > mostAxes.elementwise) return false;
  const [a, b] = places.map(({ buffer, layout }, i) => ({
    address: addressOf(buffer, layout),
    strides: steps[i] as readonly number[],
  })) as [Strided, Strided];
  const { buffer } = plan.result(node.id);
  const reads = places.map((place) => readOf(place, node.shape));
  plan.write(node.id, reads, buffer, {
    kind: 'binary',
    fn: form.fn,
    shape,
    a,
    b,
    y: buffer.address,
  });
  return true;
}

function emitWhere(plan: PlanWriter, node: OperatorNode, _: Where): boolean {
  const places = ['condition', 'a', 'b'].map((name) => plan.place(soleOperand(node, name)));
  const strides = places.map(({ layout }) => broadcastTo(layout, node.shape));
  const { shape, strides: steps } = rowsCollapsed(node.shape, strides);
  if (shape.length > mostAxes.elementwise) return false;
  const [condition, a, b] = places.map(({ buffer, layout }, i) => ({
    address: addressOf(buffer, layout),
    strides: steps[i] as readonly number[],
  })) as [Strided, Strided, Strided];
  const { buffer } = plan.result(node.id);
  const reads = places.map((place) => readOf(place, node.shape));
  const instruction = { kind: 'where', shape, condition, a, b, y: buffer.address } as const;
  plan.write(node.id, reads, buffer, instruction);
  return true;
}

/** Rows that lie one after the other, one for each of the result's, belong to the worker that has the result's. */
function readOf({ buffer, layout }: Place, shape: readonly number[]): Read {
  const rows = (axes: readonly number[]) => `${axes.slice(0, -1)}`;
  const byRow = isStraight(layout) && rows(layout.shape) === rows(shape);
  return { buffer, byRow };
}

function emitCopy(plan: PlanWriter, node: OperatorNode, operand: NodeId, view: Layout): boolean {
  const { buffer } = plan.result(node.id);
  return copyInto(plan, node.id, operand, view, buffer, straight(view.shape));
}

function emitAssembly(plan: PlanWriter, node: OperatorNode, { parts }: Assembly): boolean {
  const { buffer } = plan.result(node.id);
  return parts.every(({ of, from, to }) =>
    copyInto(plan, node.id, operandOf(node, of), from, buffer, to),
  );
}

function copyInto(
  plan: PlanWriter,
  node: NodeId,
  operand: NodeId,
  from: Layout,
  target: Buffer,
  to: Layout,
): boolean {
  const place = plan.place(operand);
  const direct = viewThrough(place.layout, from);
  const source = direct === undefined ? plan.densePlace(operand) : place;
  const view = direct ?? { ...from, base: from.base + source.layout.base };
  const { shape, strides } = rowsCollapsed(view.shape, [view.strides, to.strides]);
  if (shape.length > mostAxes.copy) throw new Error('A tensor has more axes than can be copied.');
  const [x, y] = strides as [readonly number[], readonly number[]];
  plan.write(node, [{ buffer: source.buffer, byRow: false }], target, {
    kind: 'copy',
    shape,
    x: { address: addressOf(source.buffer, view), strides: x },
    y: { address: addressOf(target, to), strides: y },
  });
  return true;
}

function emitRotation(plan: PlanWriter, node: OperatorNode, form: Rotation): boolean {
  const { positions, width, pairs, halves, angles } = form;
  const tableOf = (fn: (angle: number) => number) => {
    const values = Float32Array.from(angles, fn);
    return plan.table(values, node.id);
  };
  const [cosines, sines] = [tableOf(Math.cos), tableOf(Math.sin)];
  const x = plan.densePlace(soleOperand(node, 'x'));
  const { buffer } = plan.result(node.id);
  plan.write(node.id, [{ buffer: x.buffer, byRow: true }], buffer, {
    kind: 'rope',
    sequences: positions * width === 0 ? 0 : countOf(node.shape) / (positions * width),
    positions,
    width,
    rotated: 2 * pairs,
    half: halves,
    cosines: cosines.address,
    sines: sines.address,
    x: addressOf(x.buffer, x.layout),
    y: buffer.address,
  });
  return true;
}

function emitRows(plan: PlanWriter, node: OperatorNode, width: number): boolean {
  const [indices, table] = [soleOperand(node, 'indices'), soleOperand(node, 'x')].map((id) =>
    plan.densePlace(id),
  );
  if (indices === undefined || table === undefined) return false;
  const { buffer } = plan.result(node.id);
  const reads = [indices, table].map((place) => ({ buffer: place.buffer, byRow: false }));
  plan.write(node.id, reads, buffer, {
    kind: 'gather',
    rows: width === 0 ? 0 : countOf(node.shape) / width,
    width,
    indices: addressOf(indices.buffer, indices.layout),
    table: addressOf(table.buffer, table.layout),
    y: buffer.address,
  });
  return true;
}
