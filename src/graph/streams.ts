/** Residual streams and attention patterns, found on the graph (LANGUAGE §10), never by names. */
import { type DimFacts, numberOf } from '../shapes/index.ts';
import type { AttentionPattern, ResidualStream, StreamStep } from '../trace/index.ts';
import type { Draft } from './draft.ts';
import type { BuildLog, CallNote } from './frame.ts';
import type { PathTable } from './scope.ts';

/** How a value came out of the stream before it. */
type Link =
  | { readonly kind: 'write'; readonly before: Draft; readonly added: Draft }
  | { readonly kind: 'norm'; readonly before: Draft };

export function residualStreams(
  order: readonly Draft[],
  log: BuildLog,
  paths: PathTable,
): readonly ResidualStream[] {
  const norms = normalisations(log.calls);
  const ancestry = new Ancestry(order);
  const links = new Map<Draft, Link>();
  const writes = new Map<Draft, number>();
  const continued = new Set<Draft>();
  for (const draft of order) {
    const link = linkOf(draft, norms, ancestry);
    if (link === undefined) continue;
    const count = (writes.get(link.before) ?? 0) + (link.kind === 'write' ? 1 : 0);
    // A norm of something that is no stream is a branch, not a step.
    if (count === 0) continue;
    links.set(draft, link);
    writes.set(draft, count);
  }
  const readers = countReaders(order);
  const followed = new Set([...links.values()].map((link) => link.before));
  for (const [draft, link] of links) {
    // A norm stays in the stream where something is added to it, or where nothing else reads what it norms.
    const only = readers.get(link.before) === 1 || followed.has(draft);
    if (link.kind === 'write' || only) continued.add(link.before);
    else links.delete(draft);
  }
  const tips = [...links.keys()].filter((draft) => !continued.has(draft));
  return tips
    .sort((a, b) => (writes.get(b) ?? 0) - (writes.get(a) ?? 0))
    .map((tip) => streamOf(tip, links, paths));
}

function linkOf(
  draft: Draft,
  norms: ReadonlyMap<Draft, Draft>,
  ancestry: Ancestry,
): Link | undefined {
  const normed = norms.get(draft);
  if (normed !== undefined) return { kind: 'norm', before: normed };
  const { content } = draft;
  if (content.kind !== 'operator' || content.op.role !== 'addition') return undefined;
  const [a, b] = content.operands.map((operand) => operand.draft.resolved);
  if (a === undefined || b === undefined) return undefined;
  if (draft.residualWrite) return { kind: 'write', before: a, added: b };
  // In a sum the side that the other one was computed from is the stream.
  if (sameAxes(draft, a) && ancestry.has(b, a)) return { kind: 'write', before: a, added: b };
  if (sameAxes(draft, b) && ancestry.has(a, b)) return { kind: 'write', before: b, added: a };
  return undefined;
}

function sameAxes(a: Draft, b: Draft): boolean {
  return a.type.shape.axes.length === b.type.shape.axes.length && a.type.shape.axes.length >= 2;
}

/** Which values another one was computed from. */
class Ancestry {
  readonly #position: ReadonlyMap<Draft, number>;

  constructor(order: readonly Draft[]) {
    this.#position = new Map(order.map((draft, i) => [draft, i]));
  }

  has(draft: Draft, ancestor: Draft): boolean {
    const floor = this.#position.get(ancestor) ?? 0;
    const seen = new Set<Draft>();
    const stack = [draft];
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      if (top === ancestor) return true;
      // Operands come before their use, so nothing before the ancestor can lead to it.
      if (seen.has(top) || (this.#position.get(top) ?? 0) < floor) continue;
      seen.add(top);
      if (top.content.kind === 'operator') {
        stack.push(...top.content.operands.map((operand) => operand.draft.resolved));
      }
    }
    return false;
  }
}

/** Results of normalising calls: one tensor in, one of the same shape out, rescaled by a statistic of its last axis. */
function normalisations(calls: readonly CallNote[]): ReadonlyMap<Draft, Draft> {
  const norms = new Map<Draft, Draft>();
  for (const { inputs, result } of calls) {
    const [input] = inputs;
    if (input === undefined || inputs.length !== 1) continue;
    const [from, to] = [input.resolved, result.resolved];
    if (sameAxes(from, to) && isNormalisation(from, to)) norms.set(to, from);
  }
  return norms;
}

function isNormalisation(from: Draft, to: Draft): boolean {
  let reduces = false;
  const seen = new Set<Draft>();
  const stack = [to];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    if (top === from || seen.has(top)) continue;
    seen.add(top);
    const { content } = top;
    if (content.kind !== 'operator') continue;
    const { role } = content.op;
    if (role === 'matrix product' || role === 'softmax') return false;
    if (role === 'reduction') reduces = true;
    stack.push(...content.operands.map((operand) => operand.draft.resolved));
  }
  return reduces;
}

function countReaders(order: readonly Draft[]): ReadonlyMap<Draft, number> {
  const readers = new Map<Draft, Set<string>>();
  for (const { content, callers, source } of order) {
    if (content.kind !== 'operator') continue;
    const reader = callers.map(({ start }) => start).join('/') || `${source.start}`;
    for (const { draft } of content.operands) {
      const known = readers.get(draft.resolved) ?? new Set();
      readers.set(draft.resolved, known.add(reader));
    }
  }
  return new Map([...readers].map(([draft, places]) => [draft, places.size]));
}

// ---------------------------------------------------------------- steps

function streamOf(tip: Draft, links: ReadonlyMap<Draft, Link>, paths: PathTable): ResidualStream {
  const chain: { readonly draft: Draft; readonly link: Link | undefined }[] = [];
  for (let at: Draft | undefined = tip; at !== undefined; ) {
    const link: Link | undefined = links.get(at);
    chain.unshift({ draft: at, link });
    at = link?.before;
  }
  const names = layerNames(paths);
  const steps = chain.map(({ draft, link }): StreamStep => {
    const layers = link && names.get(draft);
    return {
      path: draft.path ?? '',
      kind: link?.kind ?? 'input',
      write: link?.kind === 'write' ? pathOf(link.added, paths) : undefined,
      hook: undefined,
      layer: layers,
    };
  });
  return { scope: commonScope(steps), steps: withHooks(steps.filter(({ path }) => path !== '')) };
}

function pathOf(draft: Draft, paths: PathTable): string | undefined {
  if (draft.path !== undefined) return draft.path;
  for (const [path, known] of paths.values) if (known.resolved === draft) return path;
  return undefined;
}

/** The copy of the outermost repeat that made a value: the first index in its path. */
function layerNames(paths: PathTable): ReadonlyMap<Draft, number> {
  const layers = new Map<Draft, number>();
  for (const [path, draft] of paths.values) {
    const layer = layerOf(path);
    if (layer !== undefined && !layers.has(draft.resolved) && draft.resolved.path === path) {
      layers.set(draft.resolved, layer);
    }
  }
  return layers;
}

function layerOf(path: string): number | undefined {
  const index = path.split('.').find((part) => /^\d+$/.test(part));
  return index === undefined ? undefined : Number(index);
}

/** TransformerLens' names: resid_pre before a layer's first write, resid_mid between two writes, resid_post after the last. */
function withHooks(steps: readonly StreamStep[]): readonly StreamStep[] {
  const writesOf = (layer: number | undefined) =>
    steps.filter((step) => step.kind === 'write' && step.layer === layer);
  const lastOf = (layer: number | undefined) =>
    steps.findLast((step) => step.layer === layer && step.kind !== 'input');
  return steps.map((step, i) => {
    const { layer } = step;
    if (step.kind === 'input') return { ...step, layer: steps[i + 1]?.layer, hook: 'resid_pre' };
    // What comes after the layers, such as a final norm, has no name of theirs.
    if (layer === undefined && steps.some((other) => other.layer !== undefined)) return step;
    if (step === lastOf(layer)) return { ...step, hook: 'resid_post' };
    const writes = writesOf(layer);
    const mid = writes.length === 2 && step === writes[0];
    return mid ? { ...step, hook: 'resid_mid' } : step;
  });
}

function commonScope(steps: readonly StreamStep[]): string {
  const scopes = steps.map(({ path }) => path.split('.').slice(0, -1));
  const [first = []] = scopes;
  const common = first.filter((part, i) => scopes.every((scope) => scope[i] === part));
  return common.join('.');
}

// ---------------------------------------------------------------- attention

/** A softmax that a matrix product consumes as its left side. */
export function attentionPatterns(
  order: readonly Draft[],
  paths: PathTable,
  facts: DimFacts,
): readonly AttentionPattern[] {
  const patterns = new Set<Draft>();
  for (const { content } of order) {
    if (content.kind !== 'operator' || content.op.role !== 'matrix product') continue;
    const left = content.operands[0]?.draft.resolved;
    if (left?.content.kind === 'operator' && left.content.op.role === 'softmax') patterns.add(left);
  }
  return [...patterns].flatMap((draft) => {
    const path = pathOf(draft, paths);
    const { axes } = draft.type.shape;
    if (path === undefined || axes.length < 2) return [];
    const heads = axes.at(-3);
    return [
      {
        path,
        layer: layerOf(path),
        scope: path.split('.').slice(0, -1).join('.'),
        heads: heads === undefined ? 1 : (numberOf(facts, heads) ?? 1),
      },
    ];
  });
}
