/** A model, a block or a run of a checked program as the graph that the engine runs. */
import { t } from '@vscode/l10n';
import { displayName, literalDim, localSymbol, symbolDim } from '../dims/index.ts';
import {
  type BlockParameter,
  type CheckContext,
  type CheckedBlock,
  type CheckedProgram,
  type CheckedRun,
  type Diagnostic,
  DiagnosticList,
  type DimFacts,
  type Expression,
  emptyBinding,
  evaluateWith,
  numberOf,
  reportUnknown,
  type TensorType,
} from '../shapes/index.ts';
import type { SourceRange } from '../trace/index.ts';
import {
  applyExpectations,
  applyMetrics,
  applyPatches,
  type RunChecks,
  replaceGiven,
} from './apply-run.ts';
import { bindParameters } from './call.ts';
import type { Draft } from './draft.ts';
import { evaluate } from './evaluate.ts';
import { type Finished, finishGraph, type Unfinished } from './finish.ts';
import {
  assign,
  type BuildContext,
  type BuildLog,
  createDraft,
  type Frame,
  GraphTooLarge,
  mostValues,
} from './frame.ts';
import type { Graph, Initial } from './graph.ts';
import { ParameterTable, PathTable, Scope } from './scope.ts';
import { execute } from './statements.ts';
import { type Sweep, sweepOf } from './sweep.ts';
import { numberValue, staticValue, tensorValue, type Value } from './value.ts';

export interface BuildRequest {
  readonly program: CheckedProgram;
  readonly target: CheckedBlock;
  /** Overrides applied; inputs with data have given their axes. */
  readonly facts: DimFacts;
  /** Values for inputs, by name. */
  readonly inputs: ReadonlyMap<string, GivenInput>;
  /** Where the demand to run stands: what problems with the request as a whole point at. */
  readonly place: SourceRange;
  readonly run: CheckedRun | undefined;
  /** Only what the program is made of: see `sketchGraph`. */
  readonly sketch?: boolean;
  readonly textOf: (range: SourceRange) => string;
  /** The type of a value of another run; `broken` where that run cannot be built. */
  readonly otherRun: (run: string, path: string) => TensorType | 'broken' | undefined;
  /** The copies of a repeat that are built beside the first two and the last, where all are alike; all where absent. */
  readonly namedCopies?: ReadonlySet<number> | undefined;
}

/** A value for an input; `shape` where it is known without running. */
export interface GivenInput {
  readonly initial: Initial;
  readonly shape: readonly number[] | undefined;
}

export interface BuildResult {
  /** Undefined where a dim has no value: nothing can be laid out then. */
  readonly graph: Graph | undefined;
  /** Of a family of runs; undefined also where it has no combinations. */
  readonly sweep: Sweep | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

export function buildGraph(request: BuildRequest): BuildResult {
  const { finished, sweep, diagnostics } = build(request);
  return { graph: finished?.graph, sweep, diagnostics };
}

/** What a build leaves behind for those that look into it. */
export interface Build {
  readonly finished: Finished | undefined;
  readonly sweep: Sweep | undefined;
  readonly log: BuildLog;
  readonly diagnostics: readonly Diagnostic[];
}

export function build(request: BuildRequest): Build {
  const { program, target, facts } = request;
  const diagnostics = new DiagnosticList();
  const check: CheckContext = { facts, diagnostics, originOf: () => undefined, mode: 'instance' };
  const log: BuildLog = {
    parameters: [],
    inputs: [],
    statements: [],
    calls: [],
    outputs: [],
    drafts: 0,
    free: new Set(),
  };
  const context: BuildContext = {
    program,
    check,
    textOf: request.textOf,
    log,
    inputs: request.inputs,
    namedCopies: request.namedCopies,
    interpreter: { evaluate, execute },
    sketch: request.sketch === true,
  };
  const scope = new Scope(new ParameterTable(''));
  const frame: Frame = {
    context,
    block: target,
    binding: emptyBinding(),
    values: new Map(),
    scope,
    callers: [],
    depth: 0,
    copies: literalDim(1),
  };
  if (!executeTarget(frame, request)) {
    const message = t`${target.name} has more than ${mostValues} values once its repeats are unrolled.`;
    diagnostics.report('argument', request.place, message);
    return { finished: undefined, sweep: undefined, log, diagnostics: diagnostics.all };
  }
  const paths = new PathTable();
  scope.name('', paths);
  if (request.run !== undefined) reportUnknownSettings(request, context);
  const checks = request.run && {
    run: request.run,
    frame,
    paths,
    otherRun: request.otherRun,
    replace: (target: Draft, original: Draft) => replaceGiven(log, target, original),
  };
  const isFamily = request.run !== undefined && request.run.family.length > 0;
  // A family's own run is the plain one: its combinations are patched, one by one.
  const applied = checks === undefined || isFamily ? undefined : applyRun(checks);
  const unfinished: Unfinished = {
    program: program.uri,
    log,
    paths,
    check,
    textOf: request.textOf,
    expectations: applied?.expectations,
    metrics: applied?.metrics ?? [],
  };
  const finished = finishGraph(unfinished);
  const sweep =
    isFamily && checks !== undefined && finished !== undefined
      ? sweepOf({ checks, unfinished, ...finished }, diagnostics)
      : undefined;
  if (finished === undefined || log.free.size > 0) reportFree(request, log, diagnostics);
  return { finished, sweep, log, diagnostics: diagnostics.all };
}

function applyRun(checks: RunChecks) {
  applyPatches(checks);
  return { expectations: applyExpectations(checks), metrics: applyMetrics(checks) };
}

/** False where the graph grows beyond all bounds. */
function executeTarget(frame: Frame, request: BuildRequest): boolean {
  try {
    if (request.target.kind === 'model') execute(frame, request.target.body);
    else runBlock(frame, request);
    return true;
  } catch (error) {
    if (error instanceof GraphTooLarge) return false;
    throw error;
  }
}

function reportFree(
  { place, target }: BuildRequest,
  { free }: BuildLog,
  diagnostics: DiagnosticList,
): void {
  const names = [...free].map(displayName);
  const [first, ...more] = names;
  if (first === undefined) return;
  const way = `dims { ${first} = 8 }`;
  const message =
    more.length > 0
      ? t`${names.join(', ')} have no value, so ${target.name} cannot run: write ${way} in a run, or give it a value in dims.`
      : t`${first} has no value, so ${target.name} cannot run: write ${way} in a run, or give it a value in dims.`;
  diagnostics.report('freeDim', place, message);
}

/** Settings that are neither inputs of the model nor parameters of the block. */
function reportUnknownSettings({ run, target }: BuildRequest, { check, log }: BuildContext): void {
  const inputs = log.inputs.flatMap(({ content }) =>
    content.kind === 'input' ? [content.name] : [],
  );
  // An input whose value does not fit is declared all the same.
  const declared = target.body.flatMap((statement) =>
    statement.kind === 'input' ? [statement.name] : [],
  );
  const known = new Set([...inputs, ...declared, ...target.parameters.map(({ name }) => name)]);
  for (const { name, nameSource } of run?.settings ?? []) {
    if (known.has(name)) continue;
    const names = [...known, 'seed', 'backend', 'weights'];
    const message = t`${target.name} has no input ${name}.`;
    const unknown = { name, known: names };
    reportUnknown(check.diagnostics, 'setting', nameSource, message, unknown);
  }
}

// ---------------------------------------------------------------- blocks run as models

/** The block's tensor arguments become inputs, the others come from the run's settings. */
function runBlock(frame: Frame, request: BuildRequest): void {
  const { block, context } = frame;
  const given = new Map<string, { kind: 'value'; value: Value; source: SourceRange }>();
  for (const parameter of block.parameters) {
    const value =
      parameter.kind === 'tensor'
        ? inputValue(frame, parameter, request)
        : (settingValue(frame, parameter, request.run) ?? standIn(frame, parameter, request));
    if (value !== undefined) given.set(parameter.name, { kind: 'value', ...value });
  }
  const missing = block.parameters.filter(
    ({ name, initial, optional }) => !given.has(name) && initial === undefined && !optional,
  );
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name);
    const settings = names.map((name) => `${name} = …`).join(', ');
    const message = t`${block.name} needs ${names.join(', ')}: set ${settings} in a run.`;
    context.check.diagnostics.report('missingArgument', request.place, message);
    return;
  }
  if (bindParameters(frame, given) === undefined) return;
  const result = execute(frame, block.body);
  if (result?.kind !== 'tensor') return;
  const { draft } = result;
  const output = draft.claimed ? draft : (assign(frame, 'result', result, block.source) ?? draft);
  context.log.outputs.push({ name: 'result', draft: output });
}

function inputValue(
  frame: Frame,
  { name, type, initial, optional, source }: BlockParameter,
  { inputs }: BuildRequest,
): { readonly value: Value; readonly source: SourceRange } | undefined {
  const given = inputs.get(name);
  if (type === undefined || (given === undefined && (initial !== undefined || optional))) {
    return undefined;
  }
  const content = { kind: 'input', name, initial: given?.initial } as const;
  const draft = createDraft(frame, content, inputType(frame, type, given?.shape), source);
  frame.context.log.inputs.push(draft);
  return { value: tensorValue(draft), source };
}

/** The declared shape; where it has generics or leading axes, the lengths of the data. */
function inputType(
  frame: Frame,
  type: TensorType,
  shape: readonly number[] | undefined,
): TensorType {
  const { facts } = frame.context.check;
  const { axes } = type.shape;
  const open = axes.some((axis) => evaluateWith(facts, axis).kind === 'free') || type.shape.lead;
  if (!open || shape === undefined) return { ...type, shape: { lead: false, axes } };
  const offset = shape.length - axes.length;
  const whole = shape.map((length, i) => {
    const axis = axes[i - offset];
    return axis !== undefined && numberOf(facts, axis) !== undefined ? axis : literalDim(length);
  });
  return { ...type, shape: { lead: false, axes: whole } };
}

/** In a sketch a dim that the block needs stands for itself, and a switch is off. */
function standIn(
  { block, context }: Frame,
  { name, kind, initial, optional, source }: BlockParameter,
  { sketch }: BuildRequest,
): { readonly value: Value; readonly source: SourceRange } | undefined {
  if (sketch !== true || initial !== undefined || optional) return undefined;
  switch (kind) {
    case 'dim': {
      const dim = symbolDim(localSymbol(block.key, name));
      const value = numberOf(context.check.facts, dim) ?? 1;
      return { value: numberValue(value, dim), source };
    }
    case 'number':
      return { value: numberValue(1), source };
    case 'bool':
      return { value: staticValue(false), source };
    default:
      return undefined;
  }
}

function settingValue(
  frame: Frame,
  { name }: BlockParameter,
  run: CheckedRun | undefined,
): { readonly value: Value; readonly source: SourceRange } | undefined {
  const setting = run?.settings.find((candidate) => candidate.name === name);
  if (setting === undefined) return undefined;
  const { value } = setting;
  // A bare name in a run is a dim: paths exist only when the model does.
  const expression: Expression =
    value.kind === 'path' && value.run === undefined && value.dim !== undefined
      ? { kind: 'dim', dim: value.dim, source: value.source }
      : value;
  return { value: evaluate(frame, expression), source: value.source };
}
