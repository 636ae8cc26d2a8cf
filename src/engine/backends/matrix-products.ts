/** How a stack of matrix products is given to the GPU. */
import type { Product, ProductOperand } from '../../ops/index.ts';
import type { Dispatch } from './native-programs.ts';
import { mostAxes, numbersLength, productProgram, type Tile } from './product-program.ts';
import type { PlacedProduct } from './through-views.ts';

/** What WebGPU promises of workgroups along each axis of a dispatch. */
const mostGroups = 65535;
/** Of fewer rows, kernels of one thread per value already read side by side. */
const fewestRows = 4;

/** Undefined where the program does not take it, or would not pay. */
export function productDispatch(product: PlacedProduct): Dispatch | undefined {
  const { a, b, batch, rows, columns } = product;
  if (rows < fewestRows && liesByLast(b)) return undefined;
  const { threads, each } = tileFor(product);
  const groups = [
    Math.ceil(columns / (threads[1] * each[1])),
    Math.ceil(rows / (threads[0] * each[0])),
    batch.reduce((count, length) => count * length, 1),
  ] as const;
  if (Math.max(...groups) > mostGroups || batch.length > mostAxes) return undefined;
  return {
    code: productProgram({ threads, each }, [liesByLast(a), liesByLast(b)]),
    numbers: numbersOf(product),
    groups,
  };
}

/** A product of few rows or columns gets flat tiles, so that few threads work beyond its edge. */
function tileFor({ rows, columns }: Product): Tile {
  if (rows <= 16) return { threads: [16, 16], each: [1, 2] };
  if (columns <= 16) return { threads: [16, 16], each: [4, 1] };
  return { threads: [16, 16], each: [4, 4] };
}

/** Whether an operand's values lie side by side along its last axis, and not along the one before it. */
function liesByLast({ strides }: ProductOperand): boolean {
  const [before = 0, last = 0] = strides.slice(-2);
  return last !== 0 && (before === 0 || last <= before);
}

/** In the order of the program's `Numbers`. */
function numbersOf(product: PlacedProduct): Uint32Array<ArrayBuffer> {
  const { batch, rows, inner, columns } = product;
  const strides = [product.a.strides, product.b.strides, product.strides];
  const numbers = new Uint32Array(numbersLength);
  numbers.set([
    ...[rows, columns, inner, batch.length, ...product.starts],
    ...strides.flatMap((each) => each.slice(-2)),
    ...batch.flatMap((length, axis) => [length, ...strides.map((each) => each[axis] ?? 0)]),
  ]);
  return numbers;
}
