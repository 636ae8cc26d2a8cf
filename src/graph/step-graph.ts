/**
 * The graph of one more token: of every value only what stands at the last position, and keys and values of the tokens
 * before from a cache (the KV cache). Built from the graph of the whole sequence, so that it means the same.
 */
import { t } from '@vscode/l10n';
import {
  type Form,
  joinOp,
  type Product,
  type StridedView,
  stridesOf,
  viewOp,
} from '../ops/index.ts';
import type { GenerationPlan } from './generation.ts';
import type { Graph, InputNode, Node, NodeId, OperatorNode } from './graph.ts';
import { roleOf } from './product-roles.ts';
import { formOf, operandId, type Positions, tokenPositions } from './token-positions.ts';

export interface StepGraph {
  readonly graph: Graph;
  /** Nodes whose values the whole sequence's graph is given too: parameters and inputs. */
  readonly given: ReadonlyMap<NodeId, NodeId>;
  /** The last token alone, [1]. */
  readonly token: NodeId;
  readonly logits: NodeId;
  readonly caches: readonly Cache[];
}

/** Values of all positions that the last one needs. */
export interface Cache {
  /** Its node in the graph of the whole sequence. */
  readonly whole: NodeId;
  /** Of the positions before. */
  readonly before: NodeId;
  /** With the last position: the next step's `before`. */
  readonly after: NodeId;
}

/** A sentence where one position cannot be computed alone. */
export function stepGraph(graph: Graph, plan: GenerationPlan): StepGraph | string {
  const found = tokenPositions(graph, plan.tokens.id, plan.logits.id);
  if ('why' in found) {
    const { path, source } = found.node;
    return wholeSequence(found.why(path ?? t`a value at ${source.start}`));
  }
  if (found.get(plan.logits.id)?.kind === 'none') {
    return wholeSequence(t`the logits depend on no token`);
  }
  try {
    return new StepBuilder(graph, plan, found).build();
  } catch (error) {
    if (!(error instanceof NoStep)) throw error;
    return wholeSequence(error.message);
  }
}

/** Unwinds a build; caught where it began. */
const wholeSequence = (why: string): string => t`Every step computed the whole sequence: ${why}.`;

class NoStep extends Error {
  override readonly name = 'NoStep';
}

class StepBuilder {
  readonly #graph: Graph;
  readonly #plan: GenerationPlan;
  readonly #positions: ReadonlyMap<NodeId, Positions>;
  /** How many tokens there are, the new one included. */
  readonly #count: number;
  readonly #nodes: Node[] = [];
  readonly #steps = new Map<NodeId, NodeId>();
  readonly #wholes = new Map<NodeId, NodeId>();
  readonly #given = new Map<NodeId, NodeId>();
  readonly #caches: Cache[] = [];

  constructor(graph: Graph, plan: GenerationPlan, positions: ReadonlyMap<NodeId, Positions>) {
    this.#graph = graph;
    this.#plan = plan;
    this.#positions = positions;
    this.#count = plan.tokens.shape[0] ?? 0;
  }

  build(): StepGraph {
    // Operands first, without recursion: a model may be deeper than the call stack.
    for (const id of this.#positions.keys()) {
      if (this.#stateOf(id).kind === 'none') this.#whole(id);
      else this.#step(id);
    }
    const logits = this.#step(this.#plan.logits.id);
    const token = this.#step(this.#plan.tokens.id);
    const kept = [logits, ...this.#caches.map(({ after }) => after)];
    const values = new Map(kept.map((id) => [`step.${id}`, id]));
    for (const [path, id] of values) this.#nodes[id] = { ...this.#at(id), path } as Node;
    const inputs = this.#nodes.filter((node): node is InputNode => node.kind === 'input');
    const graph: Graph = {
      ...emptyGraph,
      nodes: this.#nodes,
      values,
      outputs: [...values.keys()],
      inputs,
    };
    return { graph, given: this.#given, token, logits, caches: this.#caches };
  }

  #at(id: NodeId): Node {
    return this.#nodes[id] as Node;
  }

  #stateOf(id: NodeId): Positions {
    return this.#positions.get(id) ?? { kind: 'none' };
  }

  #node(id: NodeId): Node {
    return this.#graph.nodes[id] as Node;
  }

  #add(node: Node): NodeId {
    const id = this.#nodes.length;
    this.#nodes.push({ ...node, id, path: undefined } as Node);
    return id;
  }

  // ---------------------------------------------------------------- what stands at the last position

  #step(id: NodeId): NodeId {
    const known = this.#steps.get(id);
    if (known !== undefined) return known;
    const node = this.#node(id);
    const made = node.kind === 'operator' ? this.#stepOperator(node) : this.#stepInput(node);
    this.#steps.set(id, made);
    return made;
  }

  #stepInput(node: Node): NodeId {
    return this.#add({ ...node, shape: this.#stepShape(node) });
  }

  #stepShape({ id, shape }: Node): readonly number[] {
    const state = this.#stateOf(id);
    return state.kind === 'rows' || state.kind === 'pairs' ? shape.with(state.axis, 1) : shape;
  }

  #stepOperator(node: OperatorNode): NodeId {
    const form = formOf(node, this.#graph);
    switch (form?.kind) {
      case 'view':
        return this.#stepView(node, form.view, operandId(node, form.of));
      case 'product':
        return this.#withOperands(node, this.#productOperands(node, form));
      case 'rotation':
        return this.#stepRotation(node, form);
      case 'mask': {
        const made = this.#withOperands(node, this.#alignedOperands(node));
        const step = this.#formOfMade(made);
        const shift = this.#count - 1;
        const fits =
          step?.kind === 'mask' &&
          step.highest === form.highest + shift &&
          step.lowest === form.lowest + shift;
        if (!fits) throw new NoStep(t`${this.#nameOf(node)} counts queries from the first`);
        return made;
      }
      default:
        return this.#withOperands(node, this.#alignedOperands(node));
    }
  }

  #nameOf({ path, op }: OperatorNode): string {
    return path ?? op.name;
  }

  #formOfMade(id: NodeId): Form | undefined {
    const node = this.#at(id);
    return node.kind === 'operator' ? formOf(node, { nodes: this.#nodes }) : undefined;
  }

  #withOperands(node: OperatorNode, operands: readonly NodeId[]): NodeId {
    return this.#add({
      ...node,
      shape: this.#stepShape(node),
      operands: node.operands.map(({ name }, i) => ({ name, node: operands[i] as NodeId })),
    });
  }

  /** Operands at the last position; of those that depend on no token, the part that stands there. */
  #alignedOperands(node: OperatorNode): readonly NodeId[] {
    const state = this.#stateOf(node.id);
    const axis = state.kind === 'rows' || state.kind === 'pairs' ? state.axis : undefined;
    const isGather = formOf(node, this.#graph)?.kind === 'rows';
    return node.operands.map(({ node: id }) => {
      if (this.#stateOf(id).kind !== 'none') return this.#step(id);
      const whole = this.#whole(id);
      const { shape } = this.#node(id);
      const own = axis === undefined || isGather ? -1 : axis - node.shape.length + shape.length;
      return shape[own] === this.#count ? this.#lastOf(whole, own) : whole;
    });
  }

  #lastOf(id: NodeId, axis: number): NodeId {
    const node = this.#at(id);
    const strides = stridesOf(node.shape);
    const base = (this.#count - 1) * (strides[axis] ?? 1);
    return this.#view(node, id, { shape: node.shape.with(axis, 1), strides, base });
  }

  #view(like: Node, operand: NodeId, view: StridedView, shape = view.shape): NodeId {
    const attributes = { view: JSON.stringify(view) };
    return this.#add({
      ...like,
      ...{ kind: 'operator', op: viewOp(view), attributes, rest: [], output: undefined },
      operands: [{ name: 'x', node: operand }],
      shape,
    });
  }

  /** The same view of an operand that has one position only. */
  #stepView(node: OperatorNode, view: StridedView, operand: NodeId): NodeId {
    const state = this.#stateOf(operand);
    const step = this.#step(operand);
    if (state.kind !== 'rows' && state.kind !== 'pairs') {
      return this.#view(node, step, view, node.shape);
    }
    const stride = stridesOf(this.#node(operand).shape)[state.axis] ?? 1;
    const period = stride * this.#count;
    // Everything outside the positions lies closer together by as many positions as there are.
    const squeezed = (offset: number) => (offset % stride) + Math.floor(offset / period) * stride;
    const along = view.strides.findIndex(
      (each, axis) => each === stride && view.shape[axis] === this.#count,
    );
    const squeezedView = {
      shape: along < 0 ? view.shape : view.shape.with(along, 1),
      strides: view.strides.map((each) => (each % period === 0 ? squeezed(each) : each)),
      base: squeezed(view.base),
    };
    return this.#view(node, step, squeezedView, this.#stepShape(node));
  }

  #stepRotation(node: OperatorNode, form: Form & { kind: 'rotation' }): NodeId {
    const { offset } = node.attributes;
    const shifted = (typeof offset === 'number' ? offset : 0) + this.#count - 1;
    const attributes = { ...node.attributes, offset: shifted };
    const operands = node.operands.map(({ node: id }) =>
      this.#stateOf(id).kind === 'none' ? this.#whole(id) : this.#step(id),
    );
    const made = this.#withOperands({ ...node, attributes }, operands);
    const step = this.#formOfMade(made);
    const wanted = form.angles.subarray(form.angles.length - form.pairs);
    if (step?.kind !== 'rotation' || !wanted.every((angle, i) => step.angles[i] === angle)) {
      throw new NoStep(t`${this.#nameOf(node)} cannot turn one position alone`);
    }
    return made;
  }

  /** What is summed over needs all positions, and so do the keys of a query. */
  #productOperands(node: OperatorNode, form: Product): readonly NodeId[] {
    const result = this.#stateOf(node.id);
    return node.operands.map(({ name, node: id }, i) => {
      const state = this.#stateOf(id);
      if (state.kind === 'none') return this.#whole(id);
      if (state.kind !== 'rows') return this.#step(id);
      // The same value may stand on both sides.
      const part = node.operands.slice(0, i).filter((other) => other.name === name).length;
      const side = form.a.operand === name && (form.a.part ?? 0) === part ? 'a' : 'b';
      const role = roleOf(form, side, this.#node(id).shape, state.axis, this.#count);
      const isKey = result.kind === 'pairs' && this.#isAlong(node, form, side, result.keys);
      return role?.kind === 'inner' || isKey ? this.#whole(id) : this.#step(id);
    });
  }

  /** Whether an axis of the result is the rows of `a`, or the columns of `b`. */
  #isAlong(node: OperatorNode, form: Product, side: 'a' | 'b', axis: number): boolean {
    const own = form.strides[form.batch.length + (side === 'a' ? 0 : 1)];
    return stridesOf(node.shape)[axis] === own;
  }

  // ---------------------------------------------------------------- what stands at all positions

  #whole(id: NodeId): NodeId {
    const known = this.#wholes.get(id);
    if (known !== undefined) return known;
    const node = this.#node(id);
    const made = this.#stateOf(id).kind === 'none' ? this.#copied(node) : this.#joined(node);
    this.#wholes.set(id, made);
    return made;
  }

  /** A value that depends on no token. */
  #copied(node: Node): NodeId {
    if (node.kind === 'operator') {
      const operands = node.operands.map(({ name, node: id }) => ({ name, node: this.#whole(id) }));
      return this.#add({ ...node, operands });
    }
    const made = this.#add(node);
    if (node.kind !== 'constant') this.#given.set(made, node.id);
    return made;
  }

  #joined(node: Node): NodeId {
    const state = this.#stateOf(node.id);
    if (state.kind !== 'rows') throw new NoStep(t`${node.path ?? t`a value`} cannot be cached`);
    const last = this.#step(node.id);
    const { axis } = state;
    const base = { ...node, kind: 'input', name: `cache ${node.id}`, initial: undefined } as const;
    const before = this.#add({ ...base, shape: node.shape.with(axis, this.#count - 1) });
    const after = this.#add({
      ...node,
      ...{ kind: 'operator', op: joinOp, attributes: { axis }, rest: [], output: undefined },
      operands: [before, last].map((id) => ({ name: 'parts', node: id })),
    });
    this.#caches.push({ whole: node.id, before, after });
    return after;
  }
}

const emptyGraph: Graph = {
  ...{ nodes: [], values: new Map(), sources: new Map(), aliases: new Map(), parameters: [] },
  ...{ inputs: [], outputs: [], streams: [], patterns: [], statements: [], expectations: [] },
  ...{ shapeExpectations: [], metrics: [] },
};
