/** How elementwise instructions over strided tensors are written: `assembly/walk.ts` reads it. */
import type { Address, Strided } from './instruction.ts';

/** Of all axes but the last. */
export function rowCount(shape: readonly number[]): number {
  return shape.slice(0, -1).reduce((count, length) => count * length, 1);
}

/**
 * Rows, columns, whether the rows of every operand follow each other without a gap, the result's address; then the outer
 * axes and the operands. Axes that every operand steps through as through one are made one; the last stays, as rows are
 * what workers share.
 */
export function elementwiseWords(
  shape: readonly number[],
  operands: readonly Strided[],
  y: Address,
): number[] {
  const rows = rowCount(shape);
  const columns = shape.at(-1) ?? 1;
  const empty = rows * columns === 0;
  const axes = empty ? [] : mergedAxes(shape, operands);
  const lastStrides = operands.map(({ strides }) => strides.at(-1) ?? 0);
  const flat =
    axes.length === 0 ||
    (axes.length === 1 &&
      axes[0]?.strides.every((stride, at) => stride === (lastStrides[at] as number) * columns));
  return [
    ...[empty ? 0 : rows, columns, flat ? 1 : 0, y],
    ...[axes.length, ...axes.map(({ length }) => length)],
    ...operands.flatMap(({ address }, at) => [
      address,
      (lastStrides[at] as number) * 4,
      ...axes.map(({ strides }) => (strides[at] as number) * 4),
    ]),
  ];
}

interface Axis {
  readonly length: number;
  /** One per operand. */
  readonly strides: readonly number[];
}

function mergedAxes(shape: readonly number[], operands: readonly Strided[]): readonly Axis[] {
  const axes: Axis[] = [];
  for (const [axis, length] of shape.slice(0, -1).entries()) {
    if (length === 1) continue;
    const strides = operands.map((operand) => operand.strides[axis] as number);
    const before = axes.at(-1);
    if (before?.strides.every((stride, at) => stride === (strides[at] as number) * length)) {
      axes[axes.length - 1] = { length: before.length * length, strides };
    } else {
      axes.push({ length, strides });
    }
  }
  return axes;
}
