/** The graph of something that can be run: a run with what it sets, or a model or block as it stands. */

import { t } from '@vscode/l10n';
import { literalDim } from '../dims/index.ts';
import {
  type BuildResult,
  buildGraph,
  type Graph,
  generationPlan,
  type RunFiles,
  runInputs,
  type Sweep,
} from '../graph/index.ts';
import {
  type CheckedBlock,
  type CheckedProgram,
  type CheckedRun,
  catalog,
  checkDimValues,
  type Diagnostic,
  DiagnosticList,
  type DimFacts,
  type TensorType,
} from '../shapes/index.ts';
import type { SourceRange } from '../trace/index.ts';

export interface BuiltRun {
  readonly target: CheckedBlock;
  readonly run: CheckedRun | undefined;
  readonly facts: DimFacts;
  /** Undefined where it cannot be laid out: the diagnostics say why. */
  readonly graph: Graph | undefined;
  /** Of a family of runs: its combinations. */
  readonly sweep: Sweep | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** What the tokens of the run read as, where it has a tokenizer. */
  readonly tokens: readonly string[] | undefined;
  /** How many runs a batch of inputs makes. */
  readonly batch: number | undefined;
}

export interface RunSurroundings {
  readonly program: CheckedProgram;
  readonly textOf: (range: SourceRange) => string;
  readonly files: RunFiles;
  /** Which value of a batch of inputs; the first where absent. */
  readonly item?: number;
  /** `distinct`: of a repeat whose copies are alike a few stand for all, and those that a run names. */
  readonly copies?: 'all' | 'distinct';
}

/** Undefined where the program has nothing of that name. `known`: what is built already; runs may share other runs. */
export function buildRun(
  around: RunSurroundings,
  name: string,
  known: Map<string, BuiltRun> = new Map(),
): BuiltRun | undefined {
  const before = known.get(name);
  if (before !== undefined) return before;
  const built = build(around, name, known);
  if (built !== undefined) known.set(name, built);
  return built;
}

function build(
  around: RunSurroundings,
  name: string,
  known: Map<string, BuiltRun>,
): BuiltRun | undefined {
  const { program } = around;
  const run = program.runs.find((candidate) => candidate.name === name);
  const target = targetNamed(program, run?.target ?? name);
  if (target === undefined) return undefined;
  const diagnostics = new DiagnosticList();
  const place = run?.source ?? target.source;
  const inputs = runInputs(program, target, run, around.files, diagnostics, around.item);
  if (run !== undefined && run.dims.size > 0) {
    checkDimValues(program, inputs.facts, diagnostics, place);
  }
  const circle = circleThrough(program, name);
  if (circle !== undefined) {
    diagnostics.report('circularRuns', place, circleText(circle));
    const { facts, tokens, batch } = inputs;
    return {
      ...{ target, run, facts, tokens, batch, graph: undefined, sweep: undefined },
      diagnostics: diagnostics.all,
    };
  }
  const brokenRuns = new Set<string>();
  const otherRun = (other: string, path: string) => {
    const type = typeInRun(buildRun(around, other, known), path);
    if (type === 'broken') brokenRuns.add(other);
    return type;
  };
  const built: BuildResult = buildGraph({
    program,
    target,
    facts: inputs.facts,
    inputs: inputs.inputs,
    place,
    run,
    textOf: around.textOf,
    otherRun,
    namedCopies: around.copies === 'distinct' ? namedCopies(around) : undefined,
  });
  // What a file would decide is not known to be missing, nor what would be there without an error.
  const found = built.diagnostics.filter(
    ({ code }) =>
      !(inputs.unread && code === catalog.freeDim.code) &&
      !(code === catalog.unknownPath.code && hasBrokenBlock(program)),
  );
  for (const each of found) diagnostics.add(inFile(program.uri, each, place));
  // Without the other run's values, or without its combinations, it would compute something else than it says.
  const errors = diagnostics.all.filter(({ severity }) => severity === 'error');
  if (run !== undefined && built.graph !== undefined && errors.length === 0) {
    checkGeneration(program, run, built.graph, diagnostics);
  }
  const isWhole = brokenRuns.size === 0 && (!isFamily(run) || built.sweep !== undefined);
  const graph = isWhole ? built.graph : undefined;
  const { sweep } = built;
  const { facts, tokens, batch } = inputs;
  return { target, run, facts, graph, sweep, diagnostics: diagnostics.all, tokens, batch };
}

/** Whether the model can go on by itself: one input of tokens that may grow, and their logits. */
function checkGeneration(
  program: CheckedProgram,
  { generation, family, dims }: CheckedRun,
  graph: Graph,
  diagnostics: DiagnosticList,
): void {
  if (generation === undefined) return;
  const report = (message: string) => diagnostics.report('setting', generation.source, message);
  if (family.length > 0) report(t`A family of runs keeps numbers, and generates nothing.`);
  const plan = generationPlan(graph);
  if (typeof plan === 'string') {
    report(plan);
    return;
  }
  const [length = ''] = plan.tokens.axes;
  const declared = program.dims.get(length);
  if (declared === undefined || declared.value !== undefined || dims.has(length)) {
    report(
      t`generate makes the input ${plan.tokens.name} longer, and its length ${length} is given: declare a dim without a value.`,
    );
  }
}

function isFamily(run: CheckedRun | undefined): boolean {
  return run !== undefined && run.family.length > 0;
}

/** The indices in the paths of all runs. */
function namedCopies({ program, textOf }: RunSurroundings): ReadonlySet<number> {
  const texts = program.runs.map(({ extent }) => textOf(extent));
  return new Set(texts.flatMap((text) => [...text.matchAll(/\.(\d+)/g)].map(([, n]) => Number(n))));
}

function hasBrokenBlock({ diagnostics, runs }: CheckedProgram): boolean {
  return diagnostics.some(
    ({ severity, source }) =>
      severity === 'error' &&
      !runs.some(({ extent }) => extent.start <= source.start && source.end <= extent.end),
  );
}

/** What goes wrong inside a block of another file is the fault of what is asked of it here. */
function inFile(uri: string, found: Diagnostic, place: SourceRange): Diagnostic {
  if (found.source.uri === uri) return found;
  const related = [{ source: found.source, message: t`found here` }, ...found.related];
  return { ...found, source: place, related };
}

export function targetNamed(program: CheckedProgram, name: string): CheckedBlock | undefined {
  return program.models.get(name) ?? program.blocks.get(program.named.get(name) ?? '');
}

/** The runs from a run back to itself, over what each uses. */
function circleThrough({ runs }: CheckedProgram, name: string): readonly string[] | undefined {
  const usesOf = new Map(runs.map((run) => [run.name, run.uses]));
  const seen = new Set<string>();
  const search = (from: readonly string[]): readonly string[] | undefined => {
    for (const used of usesOf.get(from.at(-1) ?? '') ?? []) {
      if (used === name) return [...from, used];
      if (seen.has(used)) continue;
      seen.add(used);
      const found = search([...from, used]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return search([name]);
}

function circleText([name = '', ...others]: readonly string[]): string {
  if (others.length === 1) return t`${name} takes values from itself.`;
  const chain = [name, ...others].join(' ← ');
  return t`These runs take values from each other, so none of them can run first: ${chain}.`;
}

/** `broken` where the run itself has a problem, which is reported there. */
function typeInRun(built: BuiltRun | undefined, path: string): TensorType | 'broken' | undefined {
  if (built === undefined || isFamily(built.run)) return undefined;
  const { graph } = built;
  if (graph === undefined) return 'broken';
  const id = graph.values.get(graph.aliases.get(path) ?? path);
  const node = id === undefined ? undefined : graph.nodes[id];
  return node && { shape: { lead: false, axes: node.shape.map(literalDim) }, dtype: node.dtype };
}
