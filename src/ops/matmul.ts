import { t } from '@vscode/l10n';
import { formatShape, type Shape } from '../dims/index.ts';
import { broadcastShape, type PeriodicRead, periodOf } from './families/broadcasting.ts';
import { productFlow } from './families/flows.ts';
import { broadcastStrides, countOf, stridesOf, walk } from './families/row-major.ts';
import { copyStep } from './families/strided.ts';
import type { GpuStep, HostTensor, Kernel, KernelThread, Op, ShapeCall } from './op.ts';

export const matmul: Op = {
  name: 'matmul',
  doc: 'The matrix product over the last two axes; leading axes broadcast, and a vector acts as a row on the left and as a column on the right.',
  signature: 'matmul(a: [...], b: [...]) -> [...]',
  flow: productFlow,
  operations: 2,
  notation: { kind: 'binary', symbol: '@' },
  role: 'matrix product',
  shape: productShape,
  reference: ({ input }) => multiply(input('a'), input('b')),
  gpu: ({ input }) => {
    const { a, b, batch, rows, inner, columns } = productOf(input('a').shape, input('b').shape);
    const steps: GpuStep[] = [];
    const left = matricesOf('a', a, batch, steps);
    const right = matricesOf('b', b, batch, steps);
    const reads = [left.repeat, left.span, right.repeat, right.span];
    const args = [left.source, right.source, rows, inner, columns, ...reads];
    return [...steps, { kernel: products, args, length: countOf(batch) * rows * columns }];
  },
  form: ({ input }) => {
    const { a, b, batch, rows, inner, columns } = productOf(input('a').shape, input('b').shape);
    const matrices = (shape: readonly number[]) => [
      ...broadcastStrides(shape, [...batch, ...shape.slice(-2)]).slice(0, -2),
      ...stridesOf(shape).slice(-2),
    ];
    return {
      kind: 'product',
      batch,
      rows,
      inner,
      columns,
      a: { operand: 'a', strides: matrices(a) },
      b: { operand: 'b', strides: matrices(b) },
      strides: stridesOf([...batch, rows, columns]),
    };
  },
  vjp: 'da = dy @ b.T\ndb = a.T @ dy',
  torch: '{a} @ {b}',
  onnx: 'MatMul',
  tolerance: 1e-4,
  examples: [
    { inputs: { a: { normal: [3, 4], seed: 1 }, b: { normal: [4, 2], seed: 2 } } },
    { inputs: { a: { normal: [2, 1, 3, 4], seed: 3 }, b: { normal: [5, 4, 2], seed: 4 } } },
    { inputs: { a: { normal: [2, 3, 4], seed: 5 }, b: { normal: [4], seed: 6 } } },
    { inputs: { a: { normal: [4], seed: 7 }, b: { normal: [2, 4, 3], seed: 8 } } },
    { inputs: { a: { normal: [4], seed: 9 }, b: { normal: [4], seed: 10 } } },
    { inputs: { a: { normal: [2, 3072], seed: 11 }, b: { normal: [3072, 3], seed: 12 } } },
    { inputs: { a: { normal: [2, 1, 1, 3], seed: 13 }, b: { normal: [1, 2, 3, 1], seed: 14 } } },
  ],
};

function productShape(call: ShapeCall): Shape {
  const [a, b] = [call.input('a'), call.input('b')];
  // Rows of any number, a vector's one included, times one matrix: only the last axis changes.
  if (a.lead && a.axes.length === 1 && !b.lead && b.axes.length === 2) {
    call.agree({ operand: 'a', axis: 0 }, { operand: 'b', axis: 0 });
    return { lead: true, axes: b.axes.slice(1) };
  }
  const left = matrixAxes(call, 'a', a);
  const right = matrixAxes(call, 'b', b);
  call.agree(
    { operand: 'a', axis: a.axes.length - 1 },
    { operand: 'b', axis: b.axes.length - right },
  );
  const batch = broadcastShape(call, [
    { operand: 'a', without: left },
    { operand: 'b', without: right },
  ]);
  const rows = left === 2 ? a.axes.slice(-2, -1) : [];
  const columns = right === 2 ? b.axes.slice(-1) : [];
  return { lead: batch.lead, axes: [...batch.axes, ...rows, ...columns] };
}

/** How many last axes take part: 1 of a vector, 2 of anything longer. */
function matrixAxes(call: ShapeCall, operand: string, shape: Shape): 1 | 2 {
  const { lead, axes } = shape;
  if (axes.length >= 2) return 2;
  const found = formatShape(shape);
  if (lead) {
    const message = t`Whether ${operand}, ${found}, is a vector or a matrix depends on its leading axes.`;
    return call.fail({ kind: 'undecided', operand, message });
  }
  if (axes.length === 1) return 1;
  const message = t`A matrix product takes tensors of at least one axis, but ${operand} is ${found}.`;
  return call.fail({ kind: 'rank', operand, message });
}

/** Both operands as stacks of matrices. */
interface Product {
  readonly a: readonly number[];
  readonly b: readonly number[];
  readonly batch: readonly number[];
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
}

function productOf(shapeA: readonly number[], shapeB: readonly number[]): Product {
  const a = shapeA.length === 1 ? [1, ...shapeA] : shapeA;
  const b = shapeB.length === 1 ? [...shapeB, 1] : shapeB;
  const [stackA, stackB] = [a.slice(0, -2), b.slice(0, -2)];
  const rank = Math.max(stackA.length, stackB.length);
  const batch = Array.from({ length: rank }, (_, i) => {
    const left = stackA[i - rank + stackA.length] ?? 1;
    return left === 1 ? (stackB[i - rank + stackB.length] ?? 1) : left;
  });
  return {
    a,
    b,
    batch,
    rows: a.at(-2) as number,
    inner: a.at(-1) as number,
    columns: b.at(-1) as number,
  };
}

function multiply(left: HostTensor, right: HostTensor): Float64Array {
  const { a, b, batch, rows, inner, columns } = productOf(left.shape, right.shape);
  const result = new Float64Array(countOf(batch) * rows * columns);
  const stacks = [broadcastStrides(a.slice(0, -2), batch), broadcastStrides(b.slice(0, -2), batch)];
  walk(batch, stacks, (matrix, [stackA = 0, stackB = 0]) => {
    const [startA, startB] = [stackA * rows * inner, stackB * inner * columns];
    for (let row = 0; row < rows; row++) {
      const start = (matrix * rows + row) * columns;
      for (let k = 0; k < inner; k++) {
        const value = left.data[startA + row * inner + k] as number;
        for (let column = 0; column < columns; column++) {
          const product = value * (right.data[startB + k * columns + column] as number);
          result[start + column] = (result[start + column] as number) + product;
        }
      }
    }
  });
  return result;
}

/** How the kernel finds an operand's matrix for each of the batch; copies where it cannot. */
function matricesOf(
  operand: string,
  shape: readonly number[],
  batch: readonly number[],
  steps: GpuStep[],
): PeriodicRead {
  const period = periodOf(shape.slice(0, -2), batch);
  if (period !== undefined) return { source: { operand }, ...period };
  const target = [...batch, ...shape.slice(-2)];
  const strides = [...broadcastStrides(shape, target).slice(0, -2), ...stridesOf(shape).slice(-2)];
  steps.push(copyStep({ operand }, { shape: target, strides, base: 0 }));
  return { source: { step: steps.length - 1 }, repeat: 1, span: countOf(batch) };
}

/** Reads matrix `Math.floor(batch / repeat) % span` of each operand. */
const products: Kernel = {
  name: 'matmul',
  source: function (
    this: KernelThread,
    a: ArrayLike<number>,
    b: ArrayLike<number>,
    rows: number,
    inner: number,
    columns: number,
    repeatA: number,
    spanA: number,
    repeatB: number,
    spanB: number,
  ): number {
    const row = Math.floor(this.thread.x / columns);
    const batch = Math.floor(row / rows);
    const startA = ((Math.floor(batch / repeatA) % spanA) * rows + (row % rows)) * inner;
    const startB =
      (Math.floor(batch / repeatB) % spanB) * inner * columns + (this.thread.x % columns);
    let sum = 0.0;
    for (let k = 0; k < inner; k++) {
      sum += (a[startA + k] as number) * (b[startB + k * columns] as number);
    }
    return sum;
  },
};
