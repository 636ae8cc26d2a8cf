/**
 * Products that read what transposes, splits and the like only give another arrangement where it lies: those values are
 * then made only if somebody looks at them.
 */
import type { Graph, Node, NodeId, OperatorNode } from '../../graph/index.ts';
import {
  type Form,
  type Operand,
  type OperandName,
  type Product,
  type StridedView,
  stridesOf,
} from '../../ops/index.ts';
import { nodeCall } from '../node-call.ts';

/** A product whose operands begin somewhere in their tensors. */
export interface PlacedProduct extends Product {
  readonly starts: readonly [a: number, b: number];
}

/** A form and the nodes whose values it reads, in its order. */
export interface PlannedForm {
  readonly form: Exclude<Form, Product> | PlacedProduct;
  readonly operands: readonly NodeId[];
}

export interface FormPlan {
  /** Of the operators that a device runs by its own programs. */
  readonly forms: ReadonlyMap<NodeId, PlannedForm>;
  /** Nodes whose values nothing reads but whoever looks at them. */
  readonly unread: ReadonlySet<NodeId>;
}

export const noForms: FormPlan = { forms: new Map(), unread: new Set() };

/** @param takes whether the device has a program for a form */
export function planForms(graph: Graph, takes: (form: PlannedForm['form']) => boolean): FormPlan {
  const views = new Map<NodeId, SeenView>();
  const forms = new Map<NodeId, PlannedForm>();
  for (const node of graph.nodes) {
    if (node.kind !== 'operator') continue;
    const form = node.op.form?.(nodeCall(node, (id) => operandOf(graph, id)));
    if (form?.kind === 'view') views.set(node.id, { view: form.view, of: nodeOf(node, form.of) });
    const planned = form && planForm(node, form, views);
    if (planned !== undefined && takes(planned.form)) forms.set(node.id, planned);
  }
  return { forms, unread: unreadOf(graph, views, forms) };
}

interface SeenView {
  readonly view: StridedView;
  readonly of: NodeId;
}

function planForm(
  node: OperatorNode,
  form: Form,
  views: ReadonlyMap<NodeId, SeenView>,
): PlannedForm | undefined {
  switch (form.kind) {
    case 'reduce':
    case 'softmax':
      return { form, operands: [nodeOf(node, { operand: 'x' })] };
    case 'product': {
      const { batch, rows, inner, columns } = form;
      const a = seenThrough(views, nodeOf(node, form.a), form.a.strides, [...batch, rows, inner]);
      const b = seenThrough(views, nodeOf(node, form.b), form.b.strides, [
        ...batch,
        inner,
        columns,
      ]);
      const placed: PlacedProduct = {
        ...form,
        a: { ...form.a, strides: a.strides },
        b: { ...form.b, strides: b.strides },
        starts: [a.start, b.start],
      };
      return { form: placed, operands: [a.node, b.node] };
    }
    default:
      return undefined;
  }
}

interface Place {
  readonly node: NodeId;
  readonly start: number;
  readonly strides: readonly number[];
}

/** Follows views to where the values lie, as long as every axis that is read is one axis there. */
function seenThrough(
  views: ReadonlyMap<NodeId, SeenView>,
  node: NodeId,
  strides: readonly number[],
  lengths: readonly number[],
): Place {
  let place: Place = { node, start: 0, strides };
  for (let seen = views.get(node); seen !== undefined; seen = views.get(place.node)) {
    const { shape, strides: apart, base } = seen.view;
    const straight = stridesOf(shape);
    const axisOf = (stride: number, length: number) =>
      shape.findIndex((own, axis) => own === length && straight[axis] === stride);
    const axes = place.strides.map((stride, i) => axisOf(stride, lengths[i] as number));
    const idle = place.strides.map((stride, i) => stride === 0 || lengths[i] === 1);
    // A start within a view is no start within its source.
    if (place.start !== 0 || axes.some((axis, i) => axis < 0 && !idle[i])) return place;
    const through = axes.map((axis, i) => (idle[i] ? 0 : (apart[axis] as number)));
    place = { node: seen.of, start: base, strides: through };
  }
  return place;
}

/** Views whose only readers read through them. */
function unreadOf(
  graph: Graph,
  views: ReadonlyMap<NodeId, SeenView>,
  forms: ReadonlyMap<NodeId, PlannedForm>,
): ReadonlySet<NodeId> {
  const consumed = new Set<NodeId>();
  const read = new Set<NodeId>();
  const unread = new Set<NodeId>();
  for (const node of graph.nodes.toReversed()) {
    if (node.kind !== 'operator') continue;
    const skipped = views.has(node.id) && consumed.has(node.id) && !read.has(node.id);
    if (skipped) unread.add(node.id);
    const operands = node.operands.map((operand) => operand.node);
    for (const id of operands) consumed.add(id);
    if (skipped) continue;
    for (const id of forms.get(node.id)?.operands ?? operands) read.add(id);
  }
  return unread;
}

function operandOf({ nodes }: Graph, id: NodeId): Operand {
  const node = nodes[id] as Node;
  return { shape: node.shape, constant: node.kind === 'constant' ? node.data : undefined };
}

function nodeOf(node: OperatorNode, { operand, part = 0 }: OperandName): NodeId {
  const found = node.operands.filter(({ name }) => name === operand)[part];
  if (found === undefined) throw new Error(`${node.op.name} has no operand '${operand}'.`);
  return found.node;
}
