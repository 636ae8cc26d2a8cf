/** Matrix products, each with what is fused into it. */
import type { NodeId } from '../../../graph/index.ts';
import { countOf, type Product, type ProductOperand, stridesOf } from '../../../ops/index.ts';
import { collapsed } from './collapse.ts';
import { type FusedProduct, foldedRows, isPacked } from './fusion.ts';
import { type Layout, straight, viewThrough } from './layout.ts';
import { operandOf } from './lowered.ts';
import { addressOf, type Place, type PlanWriter } from './plan.ts';

/** Axes of a batch that the kernel counts by itself. */
const mostBatchAxes = 3;

/** False where the kernels cannot do it. @param id the node whose value is written */
export function emitProduct(plan: PlanWriter, id: NodeId, product: FusedProduct): boolean {
  if (isPacked(plan.lowered, product) && emitPacked(plan, id, product)) return true;
  return emitBatched(plan, id, columnsLast(product));
}

/** A right side that the run was given, arranged beforehand; all rows of the batch as one matrix. */
function emitPacked(plan: PlanWriter, id: NodeId, { node, form, bias }: FusedProduct): boolean {
  const { inner, columns } = form;
  const { root, layout } = plan.resolve(operandOf(node, form.b));
  const matrix = { shape: [inner, columns], strides: form.b.strides.slice(-2), base: 0 };
  const seen = viewThrough(layout, matrix);
  const [biasPlace, a] = [
    bias === undefined ? undefined : plan.densePlace(bias),
    sideOf(plan, node, form, 'a'),
  ];
  const folded = foldedRows({ ...form, a: { ...form.a, strides: a.layout.strides } });
  if (seen === undefined || folded === undefined) return false;
  const packed = plan.packed(id, root, { inner, columns, layout: seen });
  const { buffer } = plan.result(id);
  const buffers = [a.buffer, packed, ...(biasPlace === undefined ? [] : [biasPlace.buffer])];
  const reads = buffers.map((each) => ({ buffer: each, byRow: false }));
  plan.write(
    id,
    reads,
    buffer,
    {
      kind: 'gemm',
      rows: folded.rows,
      inner,
      columns,
      a: {
        address: addressOf(a.buffer, a.layout),
        strides: [folded.a, a.layout.strides.at(-1) as number],
      },
      packed: packed.address,
      bias: biasPlace && addressOf(biasPlace.buffer, biasPlace.layout),
      c: buffer.address,
      cRow: folded.c,
    },
    2 * folded.rows * inner * columns,
  );
  return true;
}

/** The kernel writes columns side by side: a product whose rows lie so is its transpose's transpose. */
function columnsLast(product: FusedProduct): FusedProduct {
  const { form } = product;
  const [row, column] = form.strides.slice(-2);
  if (column === 1 || form.columns === 1 || row !== 1 || product.causal !== undefined) {
    return product;
  }
  const swap = (strides: readonly number[]) => [
    ...strides.slice(0, -2),
    ...strides.slice(-2).reverse(),
  ];
  return {
    ...product,
    form: {
      ...form,
      rows: form.columns,
      columns: form.rows,
      a: { ...form.b, strides: swap(form.b.strides) },
      b: { ...form.a, strides: swap(form.a.strides) },
      strides: swap(form.strides),
    },
  };
}

function emitBatched(plan: PlanWriter, id: NodeId, product: FusedProduct): boolean {
  const { node, form, scale, causal } = product;
  const { batch, rows, inner, columns } = form;
  if (columns !== 1 && form.strides.at(-1) !== 1) return false;
  const { layout, strides } = resultFor(plan, id, form);
  const [a, b] = [sideOf(plan, node, form, 'a'), sideOf(plan, node, form, 'b')];
  const sides = [a.layout.strides, b.layout.strides, strides];
  const stack = collapsed(
    batch,
    sides.map((own) => own.slice(0, -2)),
  );
  const { buffer } = plan.result(id, layout);
  const extra = stack.shape.slice(0, -mostBatchAxes);
  const count = countOf(extra);
  for (let at = 0; at < count; at++) {
    const [offsetA, offsetB, offsetC] = stack.strides.map((own) => offsetAt(at, extra, own));
    const [ofA, ofB, ofC] = sides.map((own, i) => [
      ...(stack.strides[i] as readonly number[]).slice(extra.length),
      ...own.slice(-2),
    ]) as [number[], number[], number[]];
    const shifted = (place: Place, offset = 0) =>
      addressOf(place.buffer, { ...place.layout, base: place.layout.base + offset });
    plan.write(
      id,
      [a, b].map((place) => ({ buffer: place.buffer, byRow: false })),
      buffer,
      {
        kind: 'batched gemm',
        batch: stack.shape.slice(extra.length),
        rows,
        inner,
        columns,
        a: { address: shifted(a, offsetA), strides: ofA },
        b: { address: shifted(b, offsetB), strides: ofB },
        c: { address: shifted({ buffer, layout }, offsetC), strides: [...ofC.slice(0, -1), 1] },
        scale,
        causal,
      },
      2 * countOf(stack.shape.slice(extra.length)) * rows * inner * columns,
    );
  }
  return true;
}

function offsetAt(at: number, shape: readonly number[], strides: readonly number[]): number {
  let [rest, offset] = [at, 0];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const length = shape[axis] as number;
    offset += (rest % length) * (strides[axis] as number);
    rest = Math.floor(rest / length);
  }
  return offset;
}

/** An operand with a step for each axis of the product; copied where it lies otherwise. */
function sideOf(
  plan: PlanWriter,
  node: FusedProduct['node'],
  form: Product,
  side: 'a' | 'b',
): Place {
  const { batch, rows, inner, columns } = form;
  const operand: ProductOperand = form[side];
  const shape = [...batch, ...(side === 'a' ? [rows, inner] : [inner, columns])];
  const view = { shape, strides: operand.strides, base: 0 };
  const id = operandOf(node, operand);
  const place = plan.place(id);
  const seen = viewThrough(place.layout, view);
  if (seen !== undefined) return { buffer: place.buffer, layout: seen };
  const copy = plan.densePlace(id);
  return {
    buffer: copy.buffer,
    layout: { ...view, base: copy.layout.base },
  };
}

/**
 * How the result lies, and the product's steps in it. Where its only reader puts its axes in another order (the heads'
 * results side by side), it is written in that order, so that the reader has nothing to move.
 */
function resultFor(
  plan: PlanWriter,
  id: NodeId,
  { batch, rows, columns, strides }: Product,
): { readonly layout: Layout; readonly strides: readonly number[] } {
  const own = straight(plan.node(id).shape);
  const layout = orderOfReader(plan, id, own);
  const steps = { shape: [...batch, rows, columns], strides, base: 0 };
  const seen = layout && viewThrough(layout, steps);
  return layout === undefined || seen === undefined
    ? { layout: own, strides }
    : { layout, strides: seen.strides };
}

function orderOfReader({ lowered }: PlanWriter, id: NodeId, own: Layout): Layout | undefined {
  const [first, another] = lowered.uses[id] ?? [];
  const reader = first === undefined ? undefined : lowered.nodes[first];
  if (another !== undefined || reader?.kind !== 'form' || reader.form.kind !== 'view') {
    return undefined;
  }
  const { view } = reader.form;
  const { shape } = own;
  const axes = view.strides.map((stride, at) =>
    own.strides.findIndex((step, axis) => step === stride && shape[axis] === view.shape[at]),
  );
  const isOrder = axes.length === shape.length && new Set(axes).size === axes.length;
  if (!isOrder || axes.includes(-1) || axes.at(-1) !== axes.length - 1) return undefined;
  const ordered = stridesOf(view.shape);
  return { shape, strides: shape.map((_, axis) => ordered[axes.indexOf(axis)] as number), base: 0 };
}
