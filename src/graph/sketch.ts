/**
 * The graph of a model or block as it is written, before any run: repeats make two copies at most, each standing for
 * a number of them in dims, and dims without a value stand for themselves. Its size is that of the text, so it may be
 * looked at while someone types. What is wrong with the program is not said here.
 */
import { type Dim, localSymbol, type Shape } from '../dims/index.ts';
import type { CheckedBlock, CheckedProgram, DimFacts } from '../shapes/index.ts';
import type { SourceRange } from '../trace/index.ts';
import { build } from './build.ts';
import type { Draft } from './draft.ts';
import type { Graph, Node, NodeId } from './graph.ts';

export interface SketchRequest {
  readonly program: CheckedProgram;
  readonly target: CheckedBlock;
  /** Without any run's overrides. */
  readonly facts: DimFacts;
  readonly textOf: (range: SourceRange) => string;
}

/** The graph with what only a sketch has. */
export interface Sketch {
  readonly graph: Graph;
  /** By node. */
  readonly nodes: readonly SketchNode[];
  /** Calls of blocks, inner ones first. */
  readonly calls: readonly SketchCall[];
  /** What each statement of the text computes or declares, once per copy. */
  readonly statements: readonly SketchStatement[];
}

export interface SketchNode {
  readonly node: Node;
  /** In dims. */
  readonly shape: Shape;
  /** How many of the model's values it stands for. */
  readonly copies: Dim;
  /** Made by `x += f`. */
  readonly residualWrite: boolean;
}

export interface SketchCall {
  readonly block: CheckedBlock;
  /** Its tensor arguments. */
  readonly inputs: readonly NodeId[];
  readonly result: NodeId;
  /** Its label, or what stands for one. */
  readonly label: SourceRange;
  /** The calls that lead to it, without its own. */
  readonly callers: readonly SourceRange[];
}

export interface SketchStatement {
  readonly source: SourceRange;
  readonly results: readonly NodeId[];
}

/** A length for what has none: many numbers divide it, and small masks of it are soon looked through. */
const standIn = 12;

/** Undefined where the program is too broken to build anything. */
export function sketchGraph(request: SketchRequest): Sketch | undefined {
  const { program, target, textOf } = request;
  const { finished, log } = build({
    program,
    target,
    facts: factsOf(request),
    inputs: new Map(),
    place: target.source,
    run: undefined,
    sketch: true,
    textOf,
    otherRun: () => undefined,
  });
  if (finished === undefined) return undefined;
  const { graph, order } = finished;
  const ids = new Map(order.map((draft, id) => [draft, id]));
  const idsOf = (drafts: readonly Draft[]) =>
    drafts.flatMap((draft) => ids.get(draft.resolved) ?? []);
  return {
    graph,
    nodes: graph.nodes.map((node, id) => sketchNode(node, order[id] as Draft)),
    calls: log.calls.flatMap(({ block, inputs, result }) => {
      const [made] = idsOf([result]);
      const { callers, source: label } = result;
      const call = { block, inputs: idsOf(inputs), label, callers };
      return made === undefined ? [] : [{ ...call, result: made }];
    }),
    statements: log.statements.map(({ source, drafts }) => ({ source, results: idsOf(drafts) })),
  };
}

function sketchNode(node: Node, { type, copies, residualWrite }: Draft): SketchNode {
  return { node, shape: type.shape, copies, residualWrite };
}

function factsOf({ program, target, facts }: SketchRequest): DimFacts {
  const values = new Map(facts.values);
  for (const name of program.dims.keys()) if (!values.has(name)) values.set(name, standIn);
  const open = [
    ...target.generics,
    ...target.parameters.filter(({ kind }) => kind === 'dim').map(({ name }) => name),
  ];
  for (const name of open) values.set(localSymbol(target.key, name), standIn);
  return { ...facts, values };
}
