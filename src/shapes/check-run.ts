/** Runs and weight mappings: what can be said before the model is built. */
import { t } from '@vscode/l10n';
import type { Dim } from '../dims/index.ts';
import {
  type DimsBlock,
  type Expression as ExpressionNode,
  type Mapping,
  pathText,
  type Run,
  rangeOf,
  type Setting,
  type Weights,
} from '../syntax/index.ts';
import {
  type Experiment,
  readExpectation,
  readMetric,
  readPatch,
  usedRuns,
} from './check-experiment.ts';
import { familyScope, readFamily } from './check-family.ts';
import { isGenerationSetting, readGeneration } from './check-generation.ts';
import { checkSlice } from './check-slice.ts';
import type {
  CheckedRun,
  CheckedWeights,
  RunSetting,
  RunTokenizer,
  RunWeights,
  WeightMapping,
} from './checked-run.ts';
import type { SourceRange } from './diagnostic.ts';
import { reportUnknown } from './did-you-mean.ts';
import { numberOf } from './dim-facts.ts';
import { type BodyScope, type FileScope, lengthIn, sourceOf } from './scope.ts';
import { batchOf, settingValue } from './setting-value.ts';

export interface RunSurroundings {
  readonly file: FileScope;
  /** Names of models and blocks that can be run. */
  readonly subjects: ReadonlySet<string>;
  readonly runs: ReadonlySet<string>;
  readonly weights: ReadonlySet<string>;
}

interface Draft extends Experiment {
  seed: number;
  seedFrom: Dim | undefined;
  backend: CheckedRun['backend'];
  weights: RunWeights | undefined;
  tokenizer: RunTokenizer | undefined;
  readonly dims: Map<string, { readonly value: number; readonly source: SourceRange }>;
  readonly settings: RunSetting[];
}

export function checkRun(around: RunSurroundings, node: Run): CheckedRun {
  const { file } = around;
  const scope = runScope(around);
  const targetSource = sourceOf(file, node, 'subject');
  const known = around.subjects.has(node.subject) || file.brokenBlocks.has(node.subject);
  if (node.subject !== '' && !known) {
    const message = t`No model or block ${node.subject} is known here.`;
    const unknown = { name: node.subject, known: around.subjects };
    reportUnknown(file.diagnostics, 'unknownModel', targetSource, message, unknown);
  }
  const draft: Draft = {
    seed: 0,
    seedFrom: undefined,
    backend: 'auto',
    weights: undefined,
    tokenizer: undefined,
    dims: new Map(),
    settings: [],
    patches: [],
    expectations: [],
    expectationPlaces: [],
    metrics: [],
  };
  const family = readFamily(scope, node);
  const inside = familyScope(scope, family);
  // What a run is given is there before it has values to name.
  const settings = { ...inside, paths: undefined };
  for (const statement of node.statements) {
    switch (statement.$type) {
      case 'DimsBlock':
        readOverrides(scope, statement, draft);
        break;
      case 'Setting':
        readSetting(around, settings, statement, draft);
        break;
      case 'Patch':
        readPatch(inside, statement, draft);
        break;
      case 'Expect':
        readExpectation(inside, statement, draft);
        break;
      case 'Metric':
        readMetric(inside, statement, draft);
        break;
    }
  }
  if (family.length > 0 && !node.statements.some(({ $type }) => isAsked($type))) {
    const message = t`Nothing is kept of the runs of this family: write metric name = …, one number, or expect.`;
    file.diagnostics.report('setting', sourceOf(file, node, 'name'), message);
  }
  return {
    name: node.name,
    source: sourceOf(file, node, 'name'),
    extent: { uri: file.uri, ...rangeOf(node) },
    target: node.subject,
    targetSource,
    generation: readGeneration(file, settingsOf(node)),
    family,
    ...draft,
    uses: usedRuns(draft),
  };
}

function settingsOf({ statements }: Run): readonly Setting[] {
  return statements.filter((statement) => statement.$type === 'Setting');
}

function isAsked(kind: Run['statements'][number]['$type']): boolean {
  return kind === 'Metric' || kind === 'Expect';
}

function runScope({ file, runs }: RunSurroundings): BodyScope {
  return {
    file,
    values: new Map(),
    localDims: new Map(),
    labels: new Map(),
    paths: { runs },
    owner: file.uri,
  };
}

function readOverrides(scope: BodyScope, block: DimsBlock, { dims }: Draft): void {
  const { file } = scope;
  for (const entry of block.entries) {
    const source = sourceOf(file, entry);
    const declared = file.dims.get(entry.name);
    if (entry.name === '' || entry.value === undefined) continue;
    if (declared === undefined) {
      const message = t`No dim ${entry.name} is declared.`;
      const unknown = { name: entry.name, known: file.dims.keys() };
      reportUnknown(
        file.diagnostics,
        'unknownDim',
        sourceOf(file, entry, 'name'),
        message,
        unknown,
      );
      continue;
    }
    if (declared.definition !== undefined) {
      const message = t`${entry.name} is derived from other dims; override those instead.`;
      const related = [{ source: declared.source, message: t`${entry.name} is derived here` }];
      file.diagnostics.report('setting', source, message, { related });
      continue;
    }
    const dim = lengthIn(scope, entry.value);
    const value = dim && numberOf(file.check.facts, dim);
    if (value !== undefined) dims.set(entry.name, { value, source });
    else if (dim !== undefined) {
      file.diagnostics.report('notStatic', source, t`${entry.name} must be a number here.`);
    }
  }
}

// ---------------------------------------------------------------- settings

function readSetting(around: RunSurroundings, scope: BodyScope, node: Setting, draft: Draft): void {
  const { file } = scope;
  const source = sourceOf(file, node.value);
  const report = (message: string) => file.diagnostics.report('setting', source, message);
  switch (node.name) {
    case 'seed': {
      const value = node.value.$type === 'IntegerLiteral' ? node.value.value : -1;
      if (value >= 0 && value < 2 ** 32) draft.seed = value;
      else if (isArithmetic(node.value) && scope.localDims.size > 0) {
        draft.seedFrom = lengthIn(scope, node.value);
      } else report(t`seed is a whole number from 0 to 4294967295.`);
      return;
    }
    case 'backend': {
      const name = node.value.$type === 'Name' ? node.value.name : '';
      if (name === 'auto' || name === 'gpu' || name === 'cpu') draft.backend = name;
      else report(t`backend is auto, gpu or cpu.`);
      return;
    }
    case 'weights':
      draft.weights = readWeights(around, node.value, source);
      return;
    case 'tokenizer':
      if (node.value.$type === 'StringLiteral')
        draft.tokenizer = { file: node.value.value, source };
      else report(t`tokenizer is a file: "tokenizer.json".`);
      return;
    default:
      // Those of generation are read together.
      if (!isGenerationSetting(node.name)) readInput(scope, node, draft);
  }
}

/** What the variables of a family can stand in. */
function isArithmetic({ $type }: ExpressionNode): boolean {
  return $type === 'Name' || $type === 'Binary';
}

function readWeights(
  { file, weights }: RunSurroundings,
  node: ExpressionNode,
  source: SourceRange,
): RunWeights | undefined {
  if (node.$type === 'StringLiteral') return { kind: 'file', file: node.value, source };
  if (node.$type === 'Name' && weights.has(node.name)) {
    return { kind: 'mapping', name: node.name, source };
  }
  if (node.$type !== 'Missing') {
    const message = t`weights is a safetensors file ("model.safetensors") or a mapping of this file.`;
    const unknown = { name: node.$type === 'Name' ? node.name : '', known: weights };
    reportUnknown(file.diagnostics, 'setting', source, message, unknown);
  }
  return undefined;
}

/** An input of the model, or an argument of the block; which one is known when it is built. */
function readInput(scope: BodyScope, node: Setting, { settings }: Draft): void {
  const nameSource = sourceOf(scope.file, node, 'name');
  const { name, value: written } = node;
  const batch = batchOf(scope, written);
  const value = batch?.[0] ?? settingValue(scope, written);
  settings.push({ name, nameSource, value, ...(batch && { batch }) });
}

// ---------------------------------------------------------------- weights

export function checkWeights(file: FileScope, node: Weights): CheckedWeights {
  const scope = runScope({ file, subjects: new Set(), runs: new Set(), weights: new Set() });
  return {
    name: node.name,
    source: sourceOf(file, node, 'name'),
    file: node.file,
    fileSource: sourceOf(file, node, 'file'),
    mappings: node.mappings.flatMap((mapping) => readMapping(scope, mapping) ?? []),
  };
}

function readMapping(scope: BodyScope, node: Mapping): WeightMapping | undefined {
  const { file } = scope;
  const path = pathText(node.target);
  const steps: WeightMapping['steps'][number][] = [];
  let rest: ExpressionNode = node.source;
  while (rest.$type !== 'StringLiteral') {
    if (rest.$type === 'Missing') return undefined;
    if (rest.$type === 'Index') {
      const slice = checkSlice(scope, rest.items);
      if (slice === undefined) return undefined;
      steps.unshift({ kind: 'slice', slice });
      rest = rest.receiver;
    } else if (
      rest.$type === 'Member' &&
      rest.segment.$type === 'NameSegment' &&
      rest.segment.name === 'T'
    ) {
      steps.unshift({ kind: 'transpose' });
      rest = rest.receiver;
    } else {
      const message = t`A mapping takes a tensor by its name in the file, with slices and .T: "h.*.weight".T.`;
      file.diagnostics.report('argument', sourceOf(file, node, 'source'), message);
      return undefined;
    }
  }
  if (path === undefined) return undefined;
  return {
    path,
    pathSource: sourceOf(file, node, 'target'),
    tensor: rest.value,
    tensorSource: sourceOf(file, rest),
    steps,
    source: sourceOf(file, node),
  };
}
