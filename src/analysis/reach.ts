/**
 * Which positions of an input each value of a sketch depends on, decided by how indices travel through operators.
 * Token i of a value may read token i itself, those up to it, or all of them; a causal mask is a tensor whose entries
 * after the diagonal are constant, wherever it came from.
 */
import type { NodeId, Sketch, SketchNode } from '../graph/index.ts';
import type { Flow, Op } from '../ops/index.ts';
import { constantsOf } from './constants.ts';
import { flowOf } from './flow-of.ts';
import { aboveOf } from './masked.ts';
import type { Above, Reach, Term, Values } from './reach-types.ts';

export type { Reach, Term } from './reach-types.ts';

export interface PositionReach {
  readonly input: NodeId;
  /** By node. */
  readonly reach: readonly Reach[];
  /** Nodes that hide later keys from earlier queries of this input. */
  readonly masks: readonly NodeId[];
}

const nothing: Reach = { terms: [], all: false, unknown: false };

/** For every input that has positions: its tokens, or the rows of a matrix. */
export function positionReaches(sketch: Sketch): readonly PositionReach[] {
  const flows = sketch.nodes.map((node) => flowOf(sketch, node));
  const shared = { constants: constantsOf(sketch), fed: fedNodes(sketch) };
  return sketch.graph.inputs.flatMap(({ id, shape, dtype }) => {
    const axis = dtype === 'int' ? shape.length - 1 : shape.length - 2;
    return axis < 0 ? [] : [reachOf(sketch, flows, shared, { id, axis })];
  });
}

function reachOf(
  sketch: Sketch,
  flows: readonly (Flow | undefined)[],
  shared: Pick<Values, 'constants' | 'fed'>,
  input: { readonly id: NodeId; readonly axis: number },
): PositionReach {
  const reach: Reach[] = [];
  const above: (Above | undefined)[] = [];
  const masks: NodeId[] = [];
  for (const [id, { node }] of sketch.nodes.entries()) {
    if (id === input.id) {
      reach.push({ ...nothing, terms: [{ axis: input.axis, how: 'own', shift: 0 }] });
      above.push(undefined);
      continue;
    }
    const flow = flows[id];
    const step = { sketch, id, reach, above, ...shared };
    const known = flow === undefined ? undefined : aboveOf(step, flow);
    above.push(known === 'undecided' ? undefined : known);
    const found = flow === undefined ? opaque(step) : readsOf(step, flow);
    const unknown = found.unknown || (known === 'undecided' && found.terms.length > 0);
    reach.push({ ...found, unknown });
    const before = node.kind === 'operator' && node.operands.some(({ node: of }) => above[of]);
    const isNew = known !== undefined && known !== 'undecided' && !before;
    if (isNew && queriesMeetKeys(found, known)) masks.push(id);
  }
  return { input: input.id, reach, masks };
}

/** Nodes that data takes part in. */
export function fedNodes({ nodes }: Sketch): ReadonlySet<NodeId> {
  const fed = new Set<NodeId>();
  for (const { node } of nodes) {
    const reads = node.kind === 'operator' && node.operands.some(({ node: of }) => fed.has(of));
    if (node.kind === 'input' || reads) fed.add(node.id);
  }
  return fed;
}

/** Both axes of the mask are positions of the input. */
function queriesMeetKeys({ terms }: Reach, { query, key }: Above): boolean {
  return [query, key].every((axis) => terms.some((term) => term.axis === axis));
}

/** An operator that says nothing of its flow. */
function opaque({ sketch, id, reach }: Values): Reach {
  const { node } = sketch.nodes[id] as SketchNode;
  if (node.kind !== 'operator') return nothing;
  const reads = node.operands.some(({ node: of }) => isReached(reach[of] ?? nothing));
  return reads ? { ...nothing, unknown: true } : nothing;
}

function isReached({ terms, all, unknown }: Reach): boolean {
  return terms.length > 0 || all || unknown;
}

function readsOf(values: Values, flow: Flow): Reach {
  const { sketch, id, reach } = values;
  const { node } = sketch.nodes[id] as SketchNode;
  if (node.kind !== 'operator') return nothing;
  const terms: Term[] = [];
  let [all, unknown] = [false, false];
  for (const [operand, { node: of }] of node.operands.entries()) {
    const read = reach[of] ?? nothing;
    all ||= read.all;
    unknown ||= read.unknown;
    for (const term of read.terms) {
      const moved = moveTerm(values, flow, node.op, operand, term);
      if (moved === 'all') all = true;
      else if (moved === 'unknown') unknown = true;
      else if (moved !== undefined && !terms.some((known) => isSame(known, moved)))
        terms.push(moved);
    }
  }
  return { terms, all, unknown };
}

function isSame(a: Term, b: Term): boolean {
  return a.axis === b.axis && a.how === b.how && a.shift === b.shift;
}

/** Where a term of an operand stands in the result; undefined where every index may read it: the first position. */
function moveTerm(
  values: Values,
  flow: Flow,
  op: Op,
  operand: number,
  term: Term,
): Term | 'all' | 'unknown' | undefined {
  const label = flow.operands[operand]?.[term.axis] ?? '';
  if (flow.lost?.includes(label)) return 'unknown';
  const picked = flow.picked?.get(label);
  if (picked !== undefined) return picked + term.shift <= 0 ? undefined : 'all';
  const moved = flow.shifts?.find((each) => each.operand === operand && each.label === label);
  const shift = term.shift + (moved?.by ?? 0);
  if (Number.isNaN(shift)) return 'unknown';
  const axis = flow.result.indexOf(label);
  const hidden = hiddenFrom(values, flow, op, label);
  if (axis < 0 || flow.mixed?.includes(label)) {
    if (hidden === undefined) return 'all';
    return { axis: hidden.query, how: 'up to', shift: shift + hidden.offset };
  }
  return { axis, how: flow.running?.includes(label) ? 'up to' : term.how, shift };
}

/** Where the sum or the softmax along a label leaves out keys after the query: the query's axis in the result. */
function hiddenFrom(
  { sketch, id, above }: Values,
  flow: Flow,
  op: Op,
  label: string,
): { readonly query: number; readonly offset: number } | undefined {
  const { node } = sketch.nodes[id] as SketchNode;
  if (node.kind !== 'operator') return undefined;
  // What a softmax gives no weight is -inf; what a product leaves out is 0.
  const without = op.role === 'softmax' ? -Infinity : op.role === 'matrix product' ? 0 : undefined;
  for (const [operand, { node: of }] of node.operands.entries()) {
    const mask = above[of];
    if (mask === undefined || mask.value !== without) continue;
    const labels = flow.operands[operand] ?? [];
    const query = flow.result.indexOf(labels[mask.query] ?? '');
    if (labels[mask.key] === label && query >= 0) return { query, offset: mask.offset };
  }
  return undefined;
}
