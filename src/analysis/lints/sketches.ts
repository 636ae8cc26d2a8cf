/** What lints ask of sketches. */
import { sameShape } from '../../dims/index.ts';
import type { NodeId, Sketch, SketchCall, SketchNode } from '../../graph/index.ts';
import type { Role } from '../../ops/index.ts';
import type { SourceRange } from '../../trace/index.ts';
import { fedNodes } from '../reach.ts';

export function roleOf({ nodes }: Sketch, id: NodeId): Role | undefined {
  const node = nodes[id]?.node;
  return node?.kind === 'operator' ? node.op.role : undefined;
}

export function operandsOf({ nodes }: Sketch, id: NodeId): readonly NodeId[] {
  const node = nodes[id]?.node;
  return node?.kind === 'operator' ? node.operands.map((operand) => operand.node) : [];
}

/** Whether a value was computed from another. */
export function dependsOn(sketch: Sketch, id: NodeId, ancestor: NodeId): boolean {
  const seen = new Set<NodeId>();
  const stack = [id];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    if (top === ancestor) return true;
    // Operands come before their use, so nothing before the ancestor can lead to it.
    if (seen.has(top) || top < ancestor) continue;
    seen.add(top);
    stack.push(...operandsOf(sketch, top));
  }
  return false;
}

/** Whether data takes part in a value, and not only parameters and numbers. */
export function isFed(sketch: Sketch, id: NodeId): boolean {
  const known = fed.get(sketch) ?? fedNodes(sketch);
  fed.set(sketch, known);
  return known.has(id);
}

const fed = new WeakMap<Sketch, ReadonlySet<NodeId>>();

/** The innermost place of a node that is in the file: its own, or that of the call that led to it. */
export function placeIn(uri: string, { node }: SketchNode): SourceRange | undefined {
  return [...node.callers, node.source].findLast((place) => place.uri === uri);
}

export function sameCallers(a: readonly SourceRange[], b: readonly SourceRange[]): boolean {
  return (
    a.length === b.length &&
    a.every((place, i) => place.start === b[i]?.start && place.uri === b[i]?.uri)
  );
}

/** An addition of a branch to the value that the branch was computed from. */
export interface ResidualAddition {
  readonly sum: NodeId;
  readonly stream: NodeId;
  readonly added: NodeId;
}

export function residualAdditions(sketch: Sketch): readonly ResidualAddition[] {
  const known = additions.get(sketch) ?? findAdditions(sketch);
  additions.set(sketch, known);
  return known;
}

const additions = new WeakMap<Sketch, readonly ResidualAddition[]>();

function findAdditions(sketch: Sketch): readonly ResidualAddition[] {
  return sketch.nodes.flatMap(({ node }): readonly ResidualAddition[] => {
    const [a, b] = operandsOf(sketch, node.id);
    if (roleOf(sketch, node.id) !== 'addition' || a === undefined || b === undefined) return [];
    for (const [stream, added] of [
      [a, b],
      [b, a],
    ] as const) {
      const [before, after] = [sketch.nodes[stream], sketch.nodes[node.id]];
      const keeps = before && after && sameShape(before.shape, after.shape);
      if (keeps && before.shape.axes.length > 0 && dependsOn(sketch, added, stream)) {
        return [{ sum: node.id, stream, added }];
      }
    }
    return [];
  });
}

/** Calls that rescale their one tensor by a statistic of it. */
export function normsOf(sketch: Sketch): readonly (SketchCall & { readonly input: NodeId })[] {
  return sketch.calls.flatMap((call) => {
    const [input] = call.inputs;
    if (input === undefined || call.inputs.length !== 1) return [];
    return isNorm(sketch, input, call.result) ? [{ ...call, input }] : [];
  });
}

function isNorm(sketch: Sketch, from: NodeId, to: NodeId): boolean {
  const [before, after] = [sketch.nodes[from], sketch.nodes[to]];
  if (before === undefined || after === undefined || !sameShape(before.shape, after.shape)) {
    return false;
  }
  let reduces = false;
  const seen = new Set<NodeId>([from]);
  const stack = [to];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    if (seen.has(top)) continue;
    seen.add(top);
    const role = roleOf(sketch, top);
    if (role === 'matrix product' || role === 'softmax') return false;
    if (role === 'reduction') reduces = true;
    stack.push(...operandsOf(sketch, top));
  }
  return reduces;
}

/** A softmax that a matrix product consumes, and the product of queries and keys that it weighs. */
export interface Attention {
  readonly softmax: NodeId;
  readonly product: NodeId;
}

export function attentionsOf(sketch: Sketch): readonly Attention[] {
  return sketch.nodes.flatMap(({ node: { id } }) => {
    if (roleOf(sketch, id) !== 'matrix product') return [];
    return operandsOf(sketch, id).flatMap((operand) => {
      const softmax = behindMoves(sketch, operand);
      return roleOf(sketch, softmax) === 'softmax' ? [{ softmax, product: id }] : [];
    });
  });
}

/** The value that was only moved to make this one. */
export function behindMoves(sketch: Sketch, id: NodeId): NodeId {
  const node = sketch.nodes[id]?.node;
  const [only] = node?.kind === 'operator' ? node.operands : [];
  if (node?.kind !== 'operator' || node.op.operations !== 0 || only === undefined) return id;
  return node.operands.length === 1 ? behindMoves(sketch, only.node) : id;
}

/** A name of a value, without its path and version: one that is preferred where it has several, else its own. */
export function nameOf(
  { nodes, graph }: Sketch,
  id: NodeId,
  preferred: (name: string) => boolean = () => false,
): string {
  const last = (path: string) => path.split('.').at(-1)?.split('#')[0] ?? '';
  const names = [...graph.values].flatMap(([path, of]) => (of === id ? [last(path)] : []));
  return names.find(preferred) ?? last(nodes[id]?.node.path ?? '');
}
