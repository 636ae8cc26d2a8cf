/** Which nodes are computed along with the one that reads them. What is fused away is computed alone when asked for. */
import type { NodeId, OperatorNode } from '../../../graph/index.ts';
import { countOf, type Product } from '../../../ops/index.ts';
import { type LoweredGraph, operandOf } from './lowered.ts';

/** A matrix product and what is done to it before it is written: c = scale · a·b + bias, hidden above a diagonal. */
export interface FusedProduct {
  readonly node: OperatorNode;
  readonly form: Product;
  readonly scale: number;
  readonly bias: NodeId | undefined;
  /** c[i, j] is -inf where j > i + causal. */
  readonly causal: number | undefined;
}

export interface Fusion {
  /** By the node whose value is written. */
  readonly products: ReadonlyMap<NodeId, FusedProduct>;
  /** Nodes that have no value of their own in a run. */
  readonly absorbed: ReadonlySet<NodeId>;
}

/** Every product alone. */
export function unfused(lowered: LoweredGraph): Fusion {
  const products = new Map<NodeId, FusedProduct>();
  for (const { node } of lowered.nodes) {
    const product = productAlone(lowered, node.id);
    if (product !== undefined) products.set(node.id, product);
  }
  return { products, absorbed: new Set() };
}

/** @param needed nodes that must have values of their own */
export function fuse(lowered: LoweredGraph, needed: ReadonlySet<NodeId>): Fusion {
  const products = new Map<NodeId, FusedProduct>();
  const absorbed = new Set<NodeId>();
  for (const { node } of lowered.nodes) {
    const alone = productAlone(lowered, node.id);
    if (alone !== undefined) {
      products.set(node.id, alone);
      continue;
    }
    const inner = absorbable(lowered, node.id, products).filter((id) => !needed.has(id))[0];
    const product = inner === undefined ? undefined : extended(lowered, node.id, inner, products);
    if (inner === undefined || product === undefined) continue;
    products.set(node.id, product);
    products.delete(inner);
    absorbed.add(inner);
  }
  return { products, absorbed };
}

/** What is read to write a node's value: of a product also what is fused into it. */
export function operandsRead(
  { nodes }: LoweredGraph,
  { products }: Fusion,
  id: NodeId,
): readonly NodeId[] {
  const product = products.get(id);
  if (product !== undefined) {
    const operands = product.node.operands.map(({ node }) => node);
    return product.bias === undefined ? operands : [...operands, product.bias];
  }
  const lowered = nodes[id];
  if (lowered?.kind !== 'form' && lowered?.kind !== 'reference') return [];
  return lowered.node.operands.map(({ node }) => node);
}

function productAlone({ nodes }: LoweredGraph, id: NodeId): FusedProduct | undefined {
  const lowered = nodes[id];
  if (lowered?.kind !== 'form' || lowered.form.kind !== 'product') return undefined;
  const { node, form } = lowered;
  return { node, form, scale: 1, bias: undefined, causal: undefined };
}

/** The operands that are products which nobody else reads. */
function absorbable(
  { nodes, uses }: LoweredGraph,
  id: NodeId,
  products: ReadonlyMap<NodeId, FusedProduct>,
): readonly NodeId[] {
  const node = nodes[id]?.node;
  if (node?.kind !== 'operator') return [];
  return node.operands
    .map((operand) => operand.node)
    .filter((operand) => products.has(operand) && uses[operand]?.length === 1);
}

function extended(
  lowered: LoweredGraph,
  id: NodeId,
  inner: NodeId,
  products: ReadonlyMap<NodeId, FusedProduct>,
): FusedProduct | undefined {
  const known = lowered.nodes[id];
  const product = products.get(inner);
  if (known?.kind !== 'form' || product === undefined) return undefined;
  const { node, form } = known;
  const sameShape = `${node.shape}` === `${lowered.nodes[inner]?.node.shape}`;
  if (!sameShape || product.causal !== undefined || product.bias !== undefined) return undefined;
  if (product.form.strides.at(-1) !== 1) return undefined;
  if (form.kind === 'mask') {
    if (form.lowest !== -Infinity || isPacked(lowered, product)) return undefined;
    return { ...product, causal: form.highest };
  }
  if (form.kind !== 'binary') return undefined;
  const [a, b] = [operandOf(node, form.a), operandOf(node, form.b)];
  const other = a === inner ? b : a;
  const scalar = scalarOf(lowered, other);
  switch (form.fn) {
    case 'multiply':
      if (scalar === undefined || isPacked(lowered, product)) return undefined;
      return { ...product, scale: product.scale * scalar };
    case 'divide':
      if (scalar === undefined || a !== inner || isPacked(lowered, product)) return undefined;
      return { ...product, scale: product.scale / scalar };
    case 'add': {
      const shape = lowered.nodes[other]?.node.shape ?? [];
      const isRow = shape.at(-1) === product.form.columns && countOf(shape) === shape.at(-1);
      if (!isRow || product.scale !== 1 || !isPacked(lowered, product)) return undefined;
      return { ...product, bias: other };
    }
    default:
      return undefined;
  }
}

function scalarOf({ nodes }: LoweredGraph, id: NodeId): number | undefined {
  const lowered = nodes[id];
  return lowered?.kind === 'constant' && lowered.data.length === 1 ? lowered.data[0] : undefined;
}

/**
 * Whether the right side is one matrix that the run was given: it is arranged for the kernel once and stays so. A
 * scale and a mask belong to the other kind of product, a bias to this one.
 */
export function isPacked(lowered: LoweredGraph, { node, form }: FusedProduct): boolean {
  return (
    form.columns > 1 &&
    form.strides.at(-1) === 1 &&
    foldedRows(form) !== undefined &&
    isGiven(lowered, operandOf(node, form.b))
  );
}

/** All rows of a batch that shares its right side, as one matrix: how far apart they are in a and in the result. */
export interface FoldedRows {
  readonly rows: number;
  readonly a: number;
  readonly c: number;
}

export function foldedRows({ batch, rows, a, b, strides }: Product): FoldedRows | undefined {
  let folded: FoldedRows | undefined;
  const axes = [...batch, rows].map((length, at) => ({
    length,
    a: a.strides[at] as number,
    b: at < batch.length ? (b.strides[at] as number) : 0,
    c: strides[at] as number,
  }));
  for (const axis of axes.toReversed()) {
    if (axis.length === 1) continue;
    if (axis.b !== 0) return undefined;
    if (folded === undefined) folded = { rows: axis.length, a: axis.a, c: axis.c };
    else if (axis.a === folded.a * folded.rows && axis.c === folded.c * folded.rows) {
      folded = { ...folded, rows: folded.rows * axis.length };
    } else return undefined;
  }
  return folded ?? { rows: 1, a: a.strides.at(-2) ?? 0, c: strides.at(-2) ?? 0 };
}

function isGiven(lowered: LoweredGraph, id: NodeId): boolean {
  const known = lowered.nodes[id];
  if (known?.kind === 'given') return true;
  if (known?.kind !== 'form' || known.form.kind !== 'view') return false;
  return isGiven(lowered, operandOf(known.node, known.form.of));
}
