/** The graph of something that can be run: a run with what it sets, or a model or block as it stands. */

import { literalDim } from '../dims/index.ts';
import {
  type BuildResult,
  buildGraph,
  type Graph,
  runInputs,
  type ShapeOfFile,
} from '../graph/index.ts';
import {
  type CheckedBlock,
  type CheckedProgram,
  type CheckedRun,
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
  readonly diagnostics: readonly Diagnostic[];
}

export interface RunSurroundings {
  readonly program: CheckedProgram;
  readonly textOf: (range: SourceRange) => string;
  readonly shapeOfFile: ShapeOfFile;
}

/** Undefined where the program has nothing of that name. */
export function buildRun(
  around: RunSurroundings,
  name: string,
  waiting: readonly string[] = [],
): BuiltRun | undefined {
  const { program } = around;
  const run = program.runs.find((candidate) => candidate.name === name);
  const target = targetNamed(program, run?.target ?? name);
  if (target === undefined) return undefined;
  const diagnostics = new DiagnosticList();
  const place = run?.source ?? target.source;
  reportUnavailable(run, diagnostics);
  const inputs = runInputs(program, target, run, around.shapeOfFile, diagnostics);
  if (run !== undefined && run.dims.size > 0) {
    checkDimValues(program, inputs.facts, diagnostics, place);
  }
  const circular = run?.uses.find((used) => used === name || waiting.includes(used));
  if (run !== undefined && circular !== undefined) {
    const message = `${name} takes values from ${circular}, which waits for ${name}.`;
    diagnostics.report('circularRuns', place, message);
    return { target, run, facts: inputs.facts, graph: undefined, diagnostics: diagnostics.all };
  }
  const built: BuildResult = buildGraph({
    program,
    target,
    facts: inputs.facts,
    inputs: inputs.inputs,
    place,
    run,
    textOf: around.textOf,
    otherRun: (other, path) => typeInRun(buildRun(around, other, [...waiting, name]), path),
  });
  // What a file would decide is not known to be missing.
  const found = built.diagnostics.filter(({ code }) => !(inputs.unread && code === 'TB203'));
  for (const each of found) diagnostics.add(each);
  return { target, run, facts: inputs.facts, graph: built.graph, diagnostics: diagnostics.all };
}

export function targetNamed(program: CheckedProgram, name: string): CheckedBlock | undefined {
  return program.models.get(name) ?? program.blocks.get(program.named.get(name) ?? '');
}

function typeInRun(built: BuiltRun | undefined, path: string): TensorType | undefined {
  const { graph } = built ?? {};
  const id = graph?.values.get(graph.aliases.get(path) ?? path);
  const node = id === undefined ? undefined : graph?.nodes[id];
  return node && { shape: { lead: false, axes: node.shape.map(literalDim) }, dtype: node.dtype };
}

function reportUnavailable(run: CheckedRun | undefined, diagnostics: DiagnosticList): void {
  for (const source of run?.unavailable ?? []) {
    const message = run?.family
      ? 'Families of runs are parsed and shown, but this version cannot run them.'
      : 'This setting is parsed and shown, but this version cannot use it.';
    diagnostics.report('unavailable', source, message);
  }
}
