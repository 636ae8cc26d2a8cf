/** Tensors joined along an axis: a copy of each, one after the other. */
import type { Form } from '../form.ts';
import type { GpuStep, HostTensor, Kernel, KernelArgument, KernelThread } from '../op.ts';
import { countOf, frontAxis, stridesOf, viewAlong } from './row-major.ts';

export function joinParts(parts: readonly HostTensor[], axis: number): Float64Array {
  const widths = parts.map(({ shape }) => widthOf(shape, axis));
  const total = widths.reduce((sum, width) => sum + width, 0);
  const result = new Float64Array(parts.reduce((sum, { data }) => sum + data.length, 0));
  let start = 0;
  for (const [part, { data }] of parts.entries()) {
    const width = widths[part] as number;
    for (let row = 0; row * width < data.length; row++) {
      result.set(data.subarray(row * width, (row + 1) * width), row * total + start);
    }
    start += width;
  }
  return result;
}

/** Joins two at a time, for a device binds only a few tensors at once; one alone is its own result. */
export function joinSteps(
  shapes: readonly (readonly number[])[],
  axis: number,
): readonly GpuStep[] {
  const steps: GpuStep[] = [];
  let joined: KernelArgument = { operand: 'parts', part: 0 };
  let width = widthOf(shapes[0] ?? [], axis);
  const { outer } = viewAlong(shapes[0] ?? [], axis);
  for (const [part, shape] of shapes.entries()) {
    if (part === 0 || countOf(shape) === 0) continue;
    const added = widthOf(shape, axis);
    const args = [joined, { operand: 'parts', part }, width, added];
    width += added;
    steps.push({ kernel: joinPair, args, length: outer * width });
    joined = { step: steps.length - 1 };
  }
  return steps;
}

/** How many values of a tensor lie together before the other's begin. */
function widthOf(shape: readonly number[], axis: number): number {
  const { length, inner } = viewAlong(shape, axis);
  return length * inner;
}

const joinPair: Kernel = {
  name: 'join_pair',
  source: function (
    this: KernelThread,
    a: ArrayLike<number>,
    b: ArrayLike<number>,
    widthA: number,
    widthB: number,
  ): number {
    const row = Math.floor(this.thread.x / (widthA + widthB));
    const column = this.thread.x % (widthA + widthB);
    if (column < widthA) {
      return a[row * widthA + column] as number;
    }
    return b[row * widthB + column - widthA] as number;
  },
};

/** Each part where it goes in the result. */
export function joinForm(
  shapes: readonly (readonly number[])[],
  shape: readonly number[],
  axis: number,
): Form {
  const strides = stridesOf(shape);
  const at = frontAxis(axis, shape.length);
  let start = 0;
  const parts = shapes.map((own, part) => {
    const base = start * (strides[at] ?? 1);
    start += own[at] ?? 1;
    return {
      of: { operand: 'parts', part },
      from: { shape: own, strides: stridesOf(own), base: 0 },
      to: { shape: own, strides, base },
    };
  });
  return { kind: 'assembly', parts };
}
