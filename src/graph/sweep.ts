/**
 * A family of runs on one built graph (LANGUAGE §7): the plain run is built once, and a combination of the family adds
 * only the nodes that its patches change and that its metrics and expectations need.
 */
import { t } from '@vscode/l10n';
import { literalDim } from '../dims/index.ts';
import {
  type CheckContext,
  type CheckedRun,
  type Diagnostic,
  DiagnosticList,
  evaluateWith,
} from '../shapes/index.ts';
import type { ExpectationResult } from '../trace/index.ts';
import {
  applyExpectations,
  applyMetrics,
  applyPatches,
  type BuiltExpectations,
  type DraftMetric,
  type RunChecks,
} from './apply-run.ts';
import type { Draft, DraftContent } from './draft.ts';
import { inOrder, nodeOf, type Unfinished } from './finish.ts';
import type { Frame } from './frame.ts';
import type { Graph, Node, NodeId, ValueExpectation } from './graph.ts';
import { settingVariables } from './mentions.ts';

/** A variable of the family and its values. */
export interface SweepAxis {
  readonly name: string;
  readonly values: readonly number[];
}

export interface Sweep {
  readonly axes: readonly SweepAxis[];
  readonly metrics: readonly string[];
  /** How many combinations there are; the last axis varies fastest. */
  readonly count: number;
  /** Combinations from `from` on, in one graph: as many as stay below so many values, but at least one. */
  readonly batch: (from: number, mostElements: number) => SweepBatch;
}

export interface SweepBatch {
  readonly graph: Graph;
  /** Inputs of the graph whose values the plain run has, and its node for them. */
  readonly given: ReadonlyMap<NodeId, NodeId>;
  readonly points: readonly SweepPoint[];
  readonly diagnostics: readonly Diagnostic[];
}

/** One combination. */
export interface SweepPoint {
  /** One node per metric. */
  readonly metrics: readonly NodeId[];
  readonly expectations: readonly ValueExpectation[];
  readonly shapeExpectations: readonly ExpectationResult[];
}

export interface SweepRequest {
  /** The plain run's, unpatched. */
  readonly checks: RunChecks;
  readonly unfinished: Unfinished;
  readonly graph: Graph;
  readonly ids: ReadonlyMap<Draft, NodeId>;
}

/** Far beyond what anyone waits for. */
const mostCombinations = 1_000_000;

/** Undefined where the family has no combinations; what is wrong with it is reported. */
export function sweepOf(request: SweepRequest, diagnostics: DiagnosticList): Sweep | undefined {
  const { run, frame } = request.checks;
  const fixed = settingVariables(run);
  const axes = run.family.flatMap((axis) => {
    const all = axisValues(axis, frame, diagnostics);
    const here = frame.context.check.facts.values.get(axis.symbol);
    // What settings name has one value in each run that is built.
    if (all === undefined || here === undefined || !fixed.includes(axis)) return all ?? [];
    return { ...all, values: [here] };
  });
  const count = axes.reduce((product, { values }) => product * values.length, 1);
  if (axes.length < run.family.length) return undefined;
  if (count > mostCombinations) {
    const message = t`${run.name} has ${count} combinations, and at most ${mostCombinations} can be kept.`;
    diagnostics.report('argument', run.source, message);
    return undefined;
  }
  const batch = (from: number, mostElements: number): SweepBatch => {
    const builder = new BatchBuilder(request);
    for (let i = from; i < count; i += 1) {
      builder.add(valuesAt(axes, i));
      if (builder.elements > mostElements) break;
    }
    return builder.finish();
  };
  // The corners of the family say what is wrong with it without building all of it.
  for (const corner of new Set([0, count - 1])) {
    for (const found of batch(corner, 0).diagnostics) diagnostics.add(found);
  }
  return { axes, metrics: run.metrics.map(({ name }) => name), count, batch };
}

function axisValues(
  { name, start, stop, source }: CheckedRun['family'][number],
  { context }: Frame,
  diagnostics: DiagnosticList,
): SweepAxis | undefined {
  const [first, end] = [start, stop].map((bound) => evaluateWith(context.check.facts, bound));
  if (first?.kind !== 'value' || end?.kind !== 'value') {
    for (const bound of [first, end]) {
      if (bound?.kind === 'free') for (const symbol of bound.symbols) context.log.free.add(symbol);
    }
    return undefined;
  }
  if (end.value <= first.value) {
    const message = t`${name} has no values: it counts from ${first.value} to below ${end.value}.`;
    diagnostics.report('argument', source, message);
    return undefined;
  }
  const length = end.value - first.value;
  return { name, values: Array.from({ length }, (_, i) => first.value + i) };
}

/** The last axis varies fastest. */
function valuesAt(axes: readonly SweepAxis[], flat: number): readonly number[] {
  let rest = flat;
  const values: number[] = [];
  for (const { values: all } of [...axes].reverse()) {
    values.unshift(all[rest % all.length] ?? 0);
    rest = Math.floor(rest / all.length);
  }
  return values;
}

/** Where a draft's values come from: the plain run's node, or a node of the batch. */
interface Origin {
  readonly from: 'plain run' | 'batch';
  readonly id: NodeId;
}

class BatchBuilder {
  elements = 0;
  readonly #request: SweepRequest;
  readonly #nodes: Node[] = [];
  readonly #given = new Map<NodeId, NodeId>();
  readonly #constants = new Map<NodeId, NodeId>();
  readonly #points: SweepPoint[] = [];
  readonly #diagnostics = new DiagnosticList();

  constructor(request: SweepRequest) {
    this.#request = request;
  }

  /** Patches the drafts, keeps what that changes as nodes, and puts the drafts back. */
  add(values: readonly number[]): void {
    const { checks } = this.#request;
    const changed: { readonly target: Draft; readonly content: DraftContent }[] = [];
    const originals = new Map<Draft, Draft>();
    const diagnostics = new DiagnosticList();
    const here: RunChecks = {
      ...checks,
      frame: frameAt(checks, values, diagnostics),
      replace: (target, original) => {
        changed.push({ target, content: target.content });
        originals.set(original, target);
      },
    };
    applyPatches(here);
    const expectations = applyExpectations(here);
    const metrics = applyMetrics(here);
    const roots = [
      ...metrics.map(({ draft }) => draft),
      ...expectations.values.flatMap(({ left, right }) => [left, right]),
    ];
    const idOf = this.#include(roots, originals, here.frame.context.check);
    if (idOf !== undefined) this.#points.push(pointOf(metrics, expectations, idOf));
    for (const { target, content } of changed.reverse()) target.content = content;
    const at = checks.run.family.map(({ name }, i) => `${name} = ${values[i]}`).join(', ');
    for (const found of diagnostics.all) {
      this.#diagnostics.add({ ...found, message: t`${found.message} (With ${at}.)` });
    }
  }

  finish(): SweepBatch {
    const given = new Map([...this.#given].map(([plain, here]) => [here, plain]));
    const graph: Graph = {
      nodes: this.#nodes,
      values: new Map(),
      sources: new Map(),
      aliases: new Map(),
      parameters: [],
      inputs: this.#nodes.filter((node) => node.kind === 'input'),
      outputs: [],
      streams: [],
      patterns: [],
      statements: [],
      expectations: [],
      shapeExpectations: [],
      metrics: [],
    };
    return { graph, given, points: this.#points, diagnostics: this.#diagnostics.all };
  }

  /** The nodes that a combination needs and the plain run has not, operands first. */
  #include(
    roots: readonly Draft[],
    originals: ReadonlyMap<Draft, Draft>,
    check: CheckContext,
  ): ((draft: Draft) => NodeId) | undefined {
    const origins = new Map<Draft, Origin>();
    const idOf = (draft: Draft): NodeId => {
      const origin = origins.get(draft.resolved);
      if (origin === undefined) throw new Error(`${draft.path ?? 'A value'} is not in the sweep.`);
      return origin.from === 'batch' ? origin.id : this.#givenNode(origin.id);
    };
    const order = inOrder(roots, check);
    if (order === undefined) return undefined;
    for (const draft of order) {
      origins.set(draft, this.#originOf(draft, originals, origins, idOf));
    }
    return idOf;
  }

  #originOf(
    draft: Draft,
    originals: ReadonlyMap<Draft, Draft>,
    origins: ReadonlyMap<Draft, Origin>,
    idOf: (draft: Draft) => NodeId,
  ): Origin {
    const { ids, unfinished } = this.#request;
    const plain = ids.get(originals.get(draft) ?? draft);
    const unchanged = operandsOf(draft).every((each) => origins.get(each)?.from === 'plain run');
    if (plain !== undefined && unchanged) return { from: 'plain run', id: plain };
    for (const operand of operandsOf(draft)) idOf(operand);
    const node = nodeOf(draft, this.#nodes.length, idOf, unfinished);
    this.#nodes.push(node);
    this.elements += node.shape.reduce((product, length) => product * length, 1);
    return { from: 'batch', id: node.id };
  }

  /** A value of the plain run as an input here. */
  #givenNode(plain: NodeId): NodeId {
    const known = this.#given.get(plain) ?? this.#constants.get(plain);
    if (known !== undefined) return known;
    const node = this.#request.graph.nodes[plain];
    if (node === undefined) throw new Error(`The plain run has no node ${plain}.`);
    const { path, shape, axes, dtype, source, callers } = node;
    const id = this.#nodes.length;
    if (node.kind === 'constant') {
      this.#nodes.push({ ...node, id });
      this.#constants.set(plain, id);
      return id;
    }
    const base = { id, path, shape, axes, dtype, source, callers };
    const name = path ?? `node ${plain}`;
    this.#nodes.push({ ...base, kind: 'input', name, initial: undefined });
    this.#given.set(plain, id);
    return id;
  }
}

/** The frame in which the family's variables have these values. */
function frameAt(
  { run, frame }: RunChecks,
  values: readonly number[],
  diagnostics: DiagnosticList,
): Frame {
  const { context, binding } = frame;
  const variables = run.family.map(
    ({ symbol }, i) => [symbol, literalDim(values[i] ?? 0)] as const,
  );
  return {
    ...frame,
    binding: { ...binding, dims: new Map([...binding.dims, ...variables]) },
    context: {
      ...context,
      check: { ...context.check, diagnostics },
      // What patches and metrics add belongs to this combination alone.
      log: { ...context.log, inputs: [], parameters: [], drafts: 0 },
    },
  };
}

function pointOf(
  metrics: readonly DraftMetric[],
  expectations: BuiltExpectations,
  idOf: (draft: Draft) => NodeId,
): SweepPoint {
  return {
    metrics: metrics.map(({ draft }) => idOf(draft)),
    expectations: expectations.values.map((each) => ({
      ...each,
      left: idOf(each.left),
      right: idOf(each.right),
    })),
    shapeExpectations: expectations.shapes,
  };
}

function operandsOf({ content }: Draft): readonly Draft[] {
  return content.kind === 'operator' ? content.operands.map(({ draft }) => draft.resolved) : [];
}
