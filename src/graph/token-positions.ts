/**
 * How the values of a model depend on the positions of its tokens: which axis of a value is the position, and whether
 * what stands at a position depends on the tokens up to it alone. It is read off the operators' forms.
 */
import { t } from '@vscode/l10n';
import {
  countOf,
  type Form,
  type Hidden,
  hiddenAfterBinary,
  hiddenAfterUnary,
  type OperandName,
  type Product,
  type StridedView,
  stridesOf,
  type UnaryFunction,
} from '../ops/index.ts';
import { axisAfterFlow } from './flow-positions.ts';
import type { Graph, Node, NodeId, OperatorNode } from './graph.ts';
import { nodeCall } from './node-call.ts';
import { type Role, roleOf } from './product-roles.ts';
import { seenAxis } from './seen-axis.ts';

export type Positions =
  /** Depends on no token. */
  | { readonly kind: 'none' }
  /** What stands at an index of the axis depends on the tokens up to it. */
  | { readonly kind: 'rows'; readonly axis: number }
  /** Queries along one axis, keys along another: depends on both tokens' pasts. `beyond`: where key > query. */
  | {
      readonly kind: 'pairs';
      readonly axis: number;
      readonly keys: number;
      readonly beyond: Hidden;
    }
  /** Of the last token alone. */
  | { readonly kind: 'last' }
  /** Why one position cannot be computed alone, given the value's name. */
  | { readonly kind: 'unknown'; readonly why: Why };

type Why = (name: string) => string;

const none: Positions = { kind: 'none' };
const last: Positions = { kind: 'last' };
const mixed: Why = (name) =>
  t`${name} is computed from several positions in a way that has no step of its own`;
const ahead: Why = (name) =>
  t`${name} looks at later tokens, so that earlier values change with every new one`;

function unknown(why = mixed): Positions {
  return { kind: 'unknown', why };
}

/** The positions of every node that comes before or is `id`; the first that is unknown ends the search. */
export function tokenPositions(
  graph: Graph,
  tokens: NodeId,
  target: NodeId,
): ReadonlyMap<NodeId, Positions> | { readonly node: Node; readonly why: Why } {
  const count = graph.nodes[tokens]?.shape[0] ?? 0;
  const positions = new Map<NodeId, Positions>();
  for (const id of ancestors(graph, target)) {
    const node = graph.nodes[id];
    if (node === undefined) continue;
    const found = positionsOf(node, { graph, tokens, count, positions });
    if (found.kind === 'unknown') return { node, why: found.why };
    positions.set(id, found);
  }
  return positions;
}

/** Ascending, so that operands come first. */
function ancestors({ nodes }: Graph, target: NodeId): readonly NodeId[] {
  const found = new Set<NodeId>();
  const open = [target];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    const node = nodes[id];
    if (node?.kind === 'operator') open.push(...node.operands.map((operand) => operand.node));
  }
  return [...found].sort((a, b) => a - b);
}

interface Around {
  readonly graph: Graph;
  readonly tokens: NodeId;
  /** How many tokens there are. */
  readonly count: number;
  readonly positions: ReadonlyMap<NodeId, Positions>;
}

function positionsOf(node: Node, around: Around): Positions {
  if (node.id === around.tokens) return { kind: 'rows', axis: 0 };
  if (node.kind !== 'operator') return none;
  const states = node.operands.map((operand) => stateOf(around, operand.node));
  if (states.every(({ kind }) => kind === 'none')) return none;
  const form = formOf(node, around.graph);
  if (form !== undefined && states.every(({ kind }) => kind === 'none' || kind === 'last')) {
    return last;
  }
  return form === undefined ? byFlow(node, states, around) : byForm(node, form, around);
}

/** Positions that an operator without a form leaves to themselves, such as the choice of the largest of each row. */
function byFlow(node: OperatorNode, states: readonly Positions[], { graph }: Around): Positions {
  const dependent = states.filter(({ kind }) => kind !== 'none');
  const [first] = dependent;
  const along = (axis: 'axis' | 'keys') =>
    axisAfterFlow(
      node,
      graph,
      states.map((state) => axisIn(state, axis)),
    );
  const axis = along('axis');
  if (axis === undefined || dependent.some(({ kind }) => kind !== first?.kind)) return unknown();
  if (first?.kind === 'rows') return { kind: 'rows', axis };
  const keys = along('keys');
  return first?.kind !== 'pairs' || keys === undefined
    ? unknown()
    : { kind: 'pairs', axis, keys, beyond: 'anything' };
}

function axisIn(state: Positions, which: 'axis' | 'keys'): number | undefined {
  if (state.kind === 'pairs') return state[which];
  return state.kind === 'rows' && which === 'axis' ? state.axis : undefined;
}

/** The operator's form at the shapes of the graph. */
export function formOf(node: OperatorNode, { nodes }: Pick<Graph, 'nodes'>): Form | undefined {
  return node.op.form?.(
    nodeCall(node, (id) => {
      const operand = nodes[id];
      const constant = operand?.kind === 'constant' ? operand.data : undefined;
      return { shape: operand?.shape ?? [], constant };
    }),
  );
}

function stateOf({ positions }: Around, id: NodeId): Positions {
  return positions.get(id) ?? none;
}

function byForm(node: OperatorNode, form: Form, around: Around): Positions {
  switch (form.kind) {
    case 'unary':
      return afterUnary(stateOf(around, operandId(node, form.of)), form.fn);
    case 'binary':
      return afterBinary(node, form, around);
    case 'where':
      return elementwise(node, around);
    case 'assembly':
      return isPlainJoin(node, around) ? elementwise(node, around) : unknown();
    case 'view': {
      const id = operandId(node, form.of);
      const shape = around.graph.nodes[id]?.shape ?? [];
      return afterView(
        stateOf(around, id),
        form.view,
        { from: shape, to: node.shape },
        around.count,
      );
    }
    case 'softmax':
      return afterSoftmax(node, form, around);
    case 'reduce':
    case 'cumulative sum':
      return afterReduction(node, form, around);
    case 'mask':
      return afterMask(node, form, around);
    case 'rotation': {
      const [state = none] = node.operands.map((operand) => stateOf(around, operand.node));
      const fits = state.kind === 'rows' && state.axis === node.shape.length - 2;
      return fits && form.positions === around.count ? state : unknown();
    }
    case 'rows': {
      const [table = none, indices = none] = node.operands.map((each) =>
        stateOf(around, each.node),
      );
      return table.kind === 'none' && indices.kind === 'rows' ? indices : unknown();
    }
    case 'product':
      return afterProduct(node, form, around);
  }
}

export function operandId(node: OperatorNode, { operand, part = 0 }: OperandName): NodeId {
  const found = node.operands.filter(({ name }) => name === operand)[part];
  if (found === undefined) throw new Error(`${node.op.name} has no operand '${operand}'.`);
  return found.node;
}

// ---------------------------------------------------------------- elementwise

function afterUnary(state: Positions, fn: UnaryFunction): Positions {
  return state.kind === 'pairs' ? { ...state, beyond: hiddenAfterUnary(fn, state.beyond) } : state;
}

function afterBinary(
  node: OperatorNode,
  form: Form & { kind: 'binary' },
  around: Around,
): Positions {
  const result = elementwise(node, around);
  if (result.kind !== 'pairs') return result;
  const [a, b] = [form.a, form.b].map((name) => beyondOf(operandId(node, name), around));
  return { ...result, beyond: hiddenAfterBinary(form.fn, a ?? 'anything', b ?? 'anything') };
}

/** What an operand has where the key comes after the query. */
function beyondOf(id: NodeId, around: Around): Hidden | 'positive' {
  const state = stateOf(around, id);
  if (state.kind === 'pairs') return state.beyond;
  const node = around.graph.nodes[id];
  const isPositive = node?.kind === 'constant' && node.data.every((value) => value > 0);
  return isPositive ? 'positive' : 'anything';
}

/** All that depends on tokens must have its positions along the same axis of the result. */
function elementwise(node: OperatorNode, around: Around): Positions {
  const rank = node.shape.length;
  const found: Exclude<Positions, { kind: 'none' }>[] = [];
  for (const { node: id } of node.operands) {
    const state = stateOf(around, id);
    const shift = rank - (around.graph.nodes[id]?.shape.length ?? 0);
    if (state.kind === 'rows') found.push({ ...state, axis: state.axis + shift });
    else if (state.kind === 'pairs') {
      found.push({ ...state, axis: state.axis + shift, keys: state.keys + shift });
    } else if (state.kind !== 'none') found.push(state);
  }
  const pairs = found.find((state) => state.kind === 'pairs');
  const [first] = found;
  const result = pairs ?? first;
  if (result?.kind !== 'pairs' && result?.kind !== 'rows') return unknown();
  const agree = found.every(
    (state) =>
      (state.kind === 'rows' && state.axis === result.axis) ||
      (state.kind === 'pairs' &&
        result.kind === 'pairs' &&
        state.axis === result.axis &&
        state.keys === result.keys),
  );
  if (!agree) return unknown();
  return result.kind === 'pairs' ? { ...result, beyond: 'anything' } : result;
}

/** Tensors side by side along an axis that is not the positions'. */
function isPlainJoin(node: OperatorNode, { graph, count, positions }: Around): boolean {
  if (Object.values(node.attributes).some((value) => value !== null && typeof value === 'object')) {
    return false;
  }
  return node.operands.every(({ node: id }) => {
    const shape = graph.nodes[id]?.shape ?? [];
    const state = positions.get(id) ?? none;
    const axis = state.kind === 'rows' ? state.axis : undefined;
    const fits = axis === undefined || (shape[axis] === count && node.shape[axis] === count);
    return shape.length === node.shape.length && fits;
  });
}

// ---------------------------------------------------------------- along an axis

function axisOf(shape: readonly number[], along: { outer: number; length: number; inner: number }) {
  return shape.findIndex(
    (length, axis) =>
      length === along.length &&
      countOf(shape.slice(0, axis)) === along.outer &&
      countOf(shape.slice(axis + 1)) === along.inner,
  );
}

function afterSoftmax(
  node: OperatorNode,
  form: Form & { kind: 'softmax' },
  around: Around,
): Positions {
  const [state = none] = node.operands.map((operand) => stateOf(around, operand.node));
  const axis = axisOf(node.shape, form.along);
  if (state.kind === 'rows') return axis === state.axis ? unknown(ahead) : state;
  if (state.kind !== 'pairs' || axis === state.axis) return unknown();
  if (axis !== state.keys) return { ...state, beyond: 'anything' };
  return state.beyond === '-inf' && !form.log ? { ...state, beyond: '0' } : unknown(ahead);
}

function afterReduction(
  node: OperatorNode,
  form: Form & { kind: 'reduce' | 'cumulative sum' },
  around: Around,
): Positions {
  const [operand] = node.operands;
  const shape = around.graph.nodes[operand?.node ?? -1]?.shape ?? [];
  const state = operand === undefined ? none : stateOf(around, operand.node);
  const axis = axisOf(shape, form.along);
  if (state.kind !== 'rows' || axis === state.axis || axis < 0) return unknown();
  const isGone = node.shape.length < shape.length && axis < state.axis;
  return { ...state, axis: state.axis - (isGone ? 1 : 0) };
}

function afterMask(node: OperatorNode, form: Form & { kind: 'mask' }, around: Around): Positions {
  const [state = none] = node.operands.map((operand) => stateOf(around, operand.node));
  const rank = node.shape.length;
  const fits = state.kind === 'pairs' && state.axis === rank - 2 && state.keys === rank - 1;
  if (!fits) return unknown();
  return form.highest <= 0 ? { ...state, beyond: '-inf' } : state;
}

// ---------------------------------------------------------------- views

function afterView(
  state: Positions,
  view: StridedView,
  shapes: { readonly from: readonly number[]; readonly to: readonly number[] },
  count: number,
): Positions {
  if (state.kind !== 'rows' && state.kind !== 'pairs') return unknown();
  const rows = seenAxis(view, shapes, state.axis, count);
  if (rows === undefined) return unknown();
  if (state.kind === 'rows') return rows === 'last' ? last : { kind: 'rows', axis: rows };
  const keys = seenAxis(view, shapes, state.keys, count);
  if (typeof rows !== 'number' || typeof keys !== 'number') return unknown();
  return { ...state, axis: rows, keys };
}

// ---------------------------------------------------------------- products

function afterProduct(node: OperatorNode, form: Product, around: Around): Positions {
  const { graph, count } = around;
  const side = (name: 'a' | 'b') => {
    const id = operandId(node, form[name]);
    const state = stateOf(around, id);
    const shape = graph.nodes[id]?.shape ?? [];
    const role = (axis: number) => roleOf(form, name, shape, axis, count);
    return { name, state, role };
  };
  const [a, b] = [side('a'), side('b')];
  const [first, second] = a.state.kind === 'none' || b.state.kind === 'pairs' ? [b, a] : [a, b];
  if (first.state.kind === 'pairs') {
    const { axis, keys, beyond } = first.state;
    const sums = first.role(keys)?.kind === 'inner' && first.role(axis)?.kind === 'outer';
    const values = second.state.kind === 'rows' && second.role(second.state.axis)?.kind === 'inner';
    if (!sums || !values) return unknown();
    return beyond === '0'
      ? resultRows(node, form, first.name, { kind: 'outer' }, count)
      : unknown(ahead);
  }
  if (first.state.kind !== 'rows') return unknown();
  const role = first.role(first.state.axis);
  if (role === undefined || role.kind === 'inner') return unknown(ahead);
  if (second.state.kind === 'none') return resultRows(node, form, first.name, role, count);
  if (second.state.kind !== 'rows') return unknown();
  const other = second.role(second.state.axis);
  if (role.kind === 'batch' && other?.kind === 'batch' && role.at === other.at) {
    return resultRows(node, form, first.name, role, count);
  }
  if (role.kind !== 'outer' || other?.kind !== 'outer') return unknown();
  const [left, right] = [
    resultRows(node, form, 'a', role, count),
    resultRows(node, form, 'b', other, count),
  ];
  if (left.kind !== 'rows' || right.kind !== 'rows') return unknown();
  const [axis, keys] = [left.axis, right.axis].sort((x, y) => x - y) as [number, number];
  return { kind: 'pairs', axis, keys, beyond: 'anything' };
}

/** The axis of the result where an operand's positions end up. */
function resultRows(
  { shape }: OperatorNode,
  form: Product,
  side: 'a' | 'b',
  role: Role,
  count: number,
): Positions {
  const own = form.batch.length + (side === 'a' ? 0 : 1);
  const stride = form.strides[role.kind === 'batch' ? role.at : own];
  const strides = stridesOf(shape);
  const axis = shape.findIndex((length, i) => length === count && strides[i] === stride);
  return axis < 0 ? unknown() : { kind: 'rows', axis };
}
