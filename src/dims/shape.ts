/** Shapes: lists of dims, with the leading axes `...` of the enclosing signature where it has them. */
import { type Dim, formatDim, sameDim } from './dim.ts';

/** `[axes]`, or `[..., axes]` where `lead` stands for the leading axes of the block that is being checked. */
export interface Shape {
  readonly lead: boolean;
  readonly axes: readonly Dim[];
}

export const scalarShape: Shape = { lead: false, axes: [] };

export function shapeOf(...axes: readonly Dim[]): Shape {
  return { lead: false, axes };
}

/** `[..., N, 4·d]`. */
export function formatShape(shape: Shape): string {
  return `[${[...(shape.lead ? ['...'] : []), ...shape.axes.map(formatDim)].join(', ')}]`;
}

/** Equal for all values, axis by axis. */
export function sameShape(a: Shape, b: Shape): boolean {
  return (
    a.lead === b.lead &&
    a.axes.length === b.axes.length &&
    a.axes.every((axis, i) => sameDim(axis, b.axes[i] as Dim))
  );
}
