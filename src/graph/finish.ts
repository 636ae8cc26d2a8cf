/** Drafts become nodes: names resolved, an order in which operands come first, lengths as numbers. */
import { t } from '@vscode/l10n';
import { formatDim } from '../dims/index.ts';
import { opWritten } from '../ops/index.ts';
import { type CheckContext, evaluateWith } from '../shapes/index.ts';
import type { SourceRange } from '../trace/index.ts';
import type { BuiltExpectations, DraftMetric } from './apply-run.ts';
import type { Draft } from './draft.ts';
import type { BuildLog } from './frame.ts';
import type { Graph, Node, NodeId } from './graph.ts';
import type { PathTable } from './scope.ts';
import { statementRows } from './statement-rows.ts';
import { attentionPatterns, residualStreams } from './streams.ts';

export interface Unfinished {
  /** The uri of the program. */
  readonly program: string;
  readonly log: BuildLog;
  readonly paths: PathTable;
  readonly check: CheckContext;
  readonly textOf: (range: SourceRange) => string;
  readonly expectations: BuiltExpectations | undefined;
  readonly metrics: readonly DraftMetric[];
}

export interface Finished {
  readonly graph: Graph;
  readonly ids: ReadonlyMap<Draft, NodeId>;
  /** By node what it was made of. */
  readonly order: readonly Draft[];
}

/** Undefined where a dim has no value; the log then names it. */
export function finishGraph(unfinished: Unfinished): Finished | undefined {
  const { log, paths, check, expectations, metrics } = unfinished;
  const roots = [
    ...log.inputs,
    ...log.parameters,
    ...paths.values.values(),
    ...(expectations?.values.flatMap(({ left, right }) => [left, right]) ?? []),
    ...metrics.map(({ draft }) => draft),
  ];
  movePaths(paths);
  const order = inOrder(roots, check);
  if (order === undefined) return undefined;
  const ids = new Map<Draft, NodeId>(order.map((draft, id) => [draft, id]));
  const idOf = (draft: Draft): NodeId => {
    const id = ids.get(draft.resolved);
    if (id === undefined) throw new Error(`${draft.path ?? 'A value'} is not among the nodes.`);
    return id;
  };
  const nodes = order.map((draft, id) => nodeOf(draft, id, idOf, unfinished));
  if (log.free.size > 0) return undefined;
  const parameters = new Set(log.parameters.map(idOf));
  const inputs = new Set(log.inputs.map(idOf));
  const graph: Graph = {
    nodes,
    values: new Map([...paths.values].map(([path, draft]) => [path, idOf(draft)])),
    sources: paths.sources,
    aliases: paths.aliases,
    parameters: [...parameters].flatMap((id) => {
      const node = nodes[id];
      return node?.kind === 'parameter' ? [node] : [];
    }),
    inputs: [...inputs].flatMap((id) => {
      const node = nodes[id];
      return node?.kind === 'input' ? [node] : [];
    }),
    outputs: log.outputs.map(({ name, draft }) => draft.path ?? draft.resolved.path ?? name),
    streams: residualStreams(order, log, paths),
    patterns: attentionPatterns(order, paths, check.facts),
    statements: statementRows(unfinished),
    expectations: (expectations?.values ?? []).map((expectation) => ({
      ...expectation,
      left: idOf(expectation.left),
      right: idOf(expectation.right),
    })),
    shapeExpectations: expectations?.shapes ?? [],
    metrics: metrics.map(({ name, draft }) => ({ name, node: idOf(draft) })),
  };
  return { graph, order, ids };
}

/** A value keeps the path of its definition; one that only other names stand for has the one nearest to it. */
function movePaths(paths: PathTable): void {
  const nearest = new Map<Draft, number>();
  for (const [path, draft] of paths.values) {
    const { resolved, distance } = draft;
    const least = nearest.get(resolved);
    if (least !== undefined && least <= distance) continue;
    nearest.set(resolved, distance);
    resolved.path = path;
  }
}

/** Depth first, without recursion: a model may be deeper than the call stack. Undefined where a patch makes a circle. */
export function inOrder(
  roots: readonly Draft[],
  check: CheckContext,
): readonly Draft[] | undefined {
  const order: Draft[] = [];
  const state = new Map<Draft, 'open' | 'done'>();
  for (const root of roots) {
    const stack = [root.resolved];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const known = state.get(top);
      if (known === undefined) {
        state.set(top, 'open');
        for (const operand of operandsOf(top)) {
          if (state.get(operand) === 'open') {
            reportCircle(deepestPatch(state) ?? operand, check);
            return undefined;
          }
          if (!state.has(operand)) stack.push(operand);
        }
        continue;
      }
      stack.pop();
      if (known === 'open') {
        state.set(top, 'done');
        order.push(top);
      }
    }
  }
  return order;
}

function operandsOf({ content }: Draft): readonly Draft[] {
  if (content.kind !== 'operator') return [];
  return content.operands.map(({ draft }) => draft.resolved);
}

/** The patch that closes a circle: the last one on the way to where it closes. */
function deepestPatch(state: ReadonlyMap<Draft, 'open' | 'done'>): Draft | undefined {
  const op = opWritten({ kind: 'internal', purpose: 'patch' });
  const open = [...state].filter(([, known]) => known === 'open').map(([draft]) => draft);
  return open.findLast(({ content }) => content.kind === 'operator' && content.op === op);
}

function reportCircle(draft: Draft, check: CheckContext): void {
  const message = t`This patch uses values that depend on what it replaces: use self, or another run.`;
  check.diagnostics.report('circularRuns', draft.source, message);
}

export function nodeOf(
  draft: Draft,
  id: NodeId,
  idOf: (draft: Draft) => NodeId,
  { check, log }: Unfinished,
): Node {
  const shape = draft.type.shape.axes.map((axis) => {
    const value = evaluateWith(check.facts, axis);
    if (value.kind === 'free') for (const symbol of value.symbols) log.free.add(symbol);
    return value.kind === 'value' ? value.value : Number.NaN;
  });
  const { content, path, source, callers } = draft;
  const base = {
    id,
    path,
    shape,
    axes: draft.type.shape.axes.map(formatDim),
    dtype: draft.type.dtype,
    source,
    callers,
  };
  switch (content.kind) {
    case 'input':
      return { ...base, ...content };
    case 'parameter':
      return { ...base, ...content, path: path ?? '' };
    case 'constant':
      return { ...base, ...content };
    case 'operator': {
      const operands = content.operands.map(({ name, draft: of }) => ({ name, node: idOf(of) }));
      return { ...base, ...content, operands };
    }
    case 'alias':
      throw new Error('Names are resolved before nodes are made.');
  }
}
