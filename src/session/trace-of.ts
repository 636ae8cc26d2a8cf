/** The trace of a finished run: what the graph knows and what the execution holds. */
import { type BuiltRun, bytesPerValue, type TargetCost } from '../analysis/index.ts';
import { formatDim, symbolDim } from '../dims/index.ts';
import type { Feeds, GraphRun } from '../engine/index.ts';
import type { Graph, Node } from '../graph/index.ts';
import { type CheckedProgram, type Diagnostic, numberOf } from '../shapes/index.ts';
import type {
  DimRow,
  ExpectationResult,
  GenerationResult,
  Operation,
  StatementCost,
  StatementRow,
  SweepResult,
  TensorInfo,
  TensorRole,
  TokenTexts,
  Trace,
} from '../trace/index.ts';
import { lastRead } from './last-read.ts';
import { type Replayed, replayOf } from './replay.ts';

export interface FinishedRun {
  /** Which value of a batch of inputs it had. */
  readonly item: number;
  readonly program: CheckedProgram;
  readonly built: BuiltRun;
  readonly graph: Graph;
  readonly feeds: Feeds;
  readonly result: GraphRun;
  readonly rerun: Replayed['rerun'];
  readonly seed: number;
  readonly expectations: readonly ExpectationResult[];
  readonly sweep: SweepResult | undefined;
  readonly generation: GenerationResult | undefined;
  readonly textsOf: TokenTexts | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** Undefined where it cannot be said. */
  readonly cost: () => TargetCost | undefined;
}

export function traceOf(finished: FinishedRun): Trace {
  const { program, built, graph, feeds, result, rerun, seed, expectations } = finished;
  const tensors = tensorsOf(graph);
  const read = lastRead(result.execution);
  return {
    program: program.uri,
    run: built.run?.name ?? built.target.name,
    model: built.target.name,
    seed,
    backend: result.report,
    dims: dimRows(finished),
    milliseconds: result.milliseconds,
    timings: result.execution.timings,
    memory: result.memory,
    tensors,
    aliases: graph.aliases,
    outputs: graph.outputs,
    streams: graph.streams,
    patterns: graph.patterns,
    statements: withVerdicts(graph.statements, finished.diagnostics),
    costOf: (statement) => costIn(finished, statement),
    operations: operationsOf(graph),
    madeBy: graph.values,
    expectations,
    sweep: finished.sweep,
    generation: finished.generation,
    tokens: built.tokens,
    textsOf: finished.textsOf,
    ...(built.batch === undefined ? {} : { batch: { item: finished.item, count: built.batch } }),
    read: async (path) => {
      const full = graph.aliases.get(path) ?? path;
      const id = graph.values.get(full);
      const info = tensors.get(full);
      if (id === undefined || info === undefined) return undefined;
      return { info, data: await read(id) };
    },
    readOperation: async (index) => (graph.nodes[index] === undefined ? undefined : read(index)),
    replay: replayOf({ graph, feeds, read, rerun }),
  };
}

function tensorsOf(graph: Graph): ReadonlyMap<string, TensorInfo> {
  const outputs = new Set(graph.outputs);
  return new Map(
    [...graph.values].flatMap(([path, id]) => {
      const node = graph.nodes[id];
      if (node === undefined) return [];
      const info: TensorInfo = {
        path,
        axes: node.shape.map((size, i) => ({ name: node.axes[i] ?? `${size}`, size })),
        dtype: node.dtype,
        role: roleOf(node, outputs.has(path)),
        operator: node.kind === 'operator' ? node.op.name : '',
        source: graph.sources.get(path) ?? node.source,
        callers: node.callers,
      };
      return [[path, info] as const];
    }),
  );
}

function operationsOf({ nodes }: Graph): readonly Operation[] {
  return nodes.map((node) => {
    const { path, kind, shape, axes } = node;
    const isOperator = kind === 'operator';
    return {
      path,
      kind,
      operator: isOperator ? node.op.name : '',
      role: isOperator ? node.op.role : undefined,
      axes: shape.map((size, i) => ({ name: axes[i] ?? `${size}`, size })),
      operands: isOperator ? node.operands.map((operand) => operand.node) : [],
    };
  });
}

function roleOf(node: Node, output: boolean): TensorRole {
  if (output) return 'output';
  switch (node.kind) {
    case 'input':
      return 'input';
    case 'parameter':
      return 'parameter';
    case 'constant':
    case 'operator':
      return 'intermediate';
  }
}

function dimRows({ program, built }: FinishedRun): readonly DimRow[] {
  return [...program.dims.values()].map(({ name, value, definition }) => ({
    name,
    value: numberOf(built.facts, symbolDim(name)),
    definition: definition === undefined ? '' : formatDim(definition),
    origin: originOf(built, name, value),
  }));
}

function originOf(built: BuiltRun, name: string, value: number | undefined): string {
  if (built.run?.dims.has(name) === true) return 'run';
  if (value !== undefined) return 'file';
  if (built.facts.definitions.has(name)) return 'derived';
  return built.facts.values.has(name) ? 'input' : 'free';
}

function costIn({ cost, built }: FinishedRun, statement: StatementRow): StatementCost | undefined {
  const found = cost()?.within(statement.source);
  if (found === undefined) return undefined;
  const [parameters, flops, computed] = [found.parameters, found.flops, found.values].map((part) =>
    numberOf(built.facts, part),
  );
  return { parameters, flops, bytes: computed && computed * bytesPerValue };
}

/** The diagnostics of a statement's lines give its verdict. */
function withVerdicts(
  rows: readonly StatementRow[],
  diagnostics: readonly Diagnostic[],
): readonly StatementRow[] {
  return rows.map((row) => {
    const found = diagnostics.find(
      ({ source }) =>
        source.uri === row.source.uri &&
        source.start >= row.source.start &&
        source.end <= row.source.end,
    );
    if (found === undefined) return row;
    return { ...row, verdict: verdictOf(found), message: found.message };
  });
}

function verdictOf({ code, severity }: Diagnostic): StatementRow['verdict'] {
  if (severity === 'error') return 'error';
  return code === 'TB103' ? 'coincidence' : 'undecided';
}
