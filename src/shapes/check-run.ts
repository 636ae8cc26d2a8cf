/** Runs and weight mappings: what can be said before the model is built. */
import { opNamed, sourceNamed } from '../ops/index.ts';
import {
  type DimsBlock,
  type Expect,
  type Expression as ExpressionNode,
  type Mapping,
  type Patch as PatchNode,
  pathText,
  type Run,
  rangeOf,
  type Setting,
  textOf,
  type Weights,
} from '../syntax/index.ts';
import { checkExpression } from './check-expression.ts';
import { checkInitial } from './check-initial.ts';
import { checkSlice } from './check-slice.ts';
import { shapeIn } from './check-type.ts';
import type {
  CheckedRun,
  CheckedWeights,
  Expectation,
  Patch,
  RunSetting,
  RunTokenizer,
  RunWeights,
  WeightMapping,
} from './checked-run.ts';
import type { SourceRange } from './diagnostic.ts';
import { reportUnknown } from './did-you-mean.ts';
import { numberOf } from './dim-facts.ts';
import type { Expression } from './expression.ts';
import { type BodyScope, type FileScope, lengthIn, sourceOf } from './scope.ts';
import { tensorLiteral } from './tensor-literal.ts';

export interface RunSurroundings {
  readonly file: FileScope;
  /** Names of models and blocks that can be run. */
  readonly subjects: ReadonlySet<string>;
  readonly runs: ReadonlySet<string>;
  readonly weights: ReadonlySet<string>;
}

/** Settings that are not inputs. */
const plannedSettings = new Set(['generate', 'temperature', 'top_k', 'top_p']);

interface Draft {
  seed: number;
  backend: CheckedRun['backend'];
  weights: RunWeights | undefined;
  tokenizer: RunTokenizer | undefined;
  readonly dims: Map<string, { readonly value: number; readonly source: SourceRange }>;
  readonly settings: RunSetting[];
  readonly patches: Patch[];
  readonly expectations: Expectation[];
  readonly expectationPlaces: SourceRange[];
  readonly unavailable: SourceRange[];
}

export function checkRun(around: RunSurroundings, node: Run): CheckedRun {
  const { file } = around;
  const scope = runScope(around);
  const targetSource = sourceOf(file, node, 'subject');
  const known = around.subjects.has(node.subject) || file.brokenBlocks.has(node.subject);
  if (node.subject !== '' && !known) {
    const message = `No model or block ${node.subject} is known here.`;
    const unknown = { name: node.subject, known: around.subjects };
    reportUnknown(file.diagnostics, 'unknownModel', targetSource, message, unknown);
  }
  const draft: Draft = {
    seed: 0,
    backend: 'auto',
    weights: undefined,
    tokenizer: undefined,
    dims: new Map(),
    settings: [],
    patches: [],
    expectations: [],
    expectationPlaces: [],
    unavailable: node.family.length > 0 ? [sourceOf(file, node, 'name')] : [],
  };
  if (node.family.length === 0) {
    for (const statement of node.statements) {
      switch (statement.$type) {
        case 'DimsBlock':
          readOverrides(scope, statement, draft);
          break;
        case 'Setting':
          readSetting(around, scope, statement, draft);
          break;
        case 'Patch':
          readPatch(scope, statement, draft);
          break;
        case 'Expect':
          readExpectation(scope, statement, draft);
          break;
        case 'Metric':
          draft.unavailable.push(sourceOf(file, statement));
          break;
      }
    }
  }
  return {
    name: node.name,
    source: sourceOf(file, node, 'name'),
    extent: { uri: file.uri, ...rangeOf(node) },
    target: node.subject,
    targetSource,
    family: node.family.length > 0,
    ...draft,
    uses: usedRuns(draft),
  };
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
      const message = `No dim ${entry.name} is declared.`;
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
      const message = `${entry.name} is derived from other dims; override those instead.`;
      const related = [{ source: declared.source, message: `${entry.name} is derived here` }];
      file.diagnostics.report('setting', source, message, { related });
      continue;
    }
    const dim = lengthIn(scope, entry.value);
    const value = dim && numberOf(file.check.facts, dim);
    if (value !== undefined) dims.set(entry.name, { value, source });
    else if (dim !== undefined) {
      file.diagnostics.report('notStatic', source, `${entry.name} must be a number here.`);
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
      else report('seed is a whole number from 0 to 4294967295.');
      return;
    }
    case 'backend': {
      const name = node.value.$type === 'Name' ? node.value.name : '';
      if (name === 'auto' || name === 'gpu' || name === 'cpu') draft.backend = name;
      else report('backend is auto, gpu or cpu.');
      return;
    }
    case 'weights':
      draft.weights = readWeights(around, node.value, source);
      return;
    case 'tokenizer':
      if (node.value.$type === 'StringLiteral')
        draft.tokenizer = { file: node.value.value, source };
      else report('tokenizer is a file: "tokenizer.json".');
      return;
    default:
      if (plannedSettings.has(node.name)) draft.unavailable.push(sourceOf(file, node));
      else readInput(scope, node, draft);
  }
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
    const message = `weights is a safetensors file ("model.safetensors") or a mapping of this file.`;
    const unknown = { name: node.$type === 'Name' ? node.name : '', known: weights };
    reportUnknown(file.diagnostics, 'setting', source, message, unknown);
  }
  return undefined;
}

/** An input of the model, or an argument of the block; which one is known when it is built. */
function readInput(scope: BodyScope, node: Setting, { settings }: Draft): void {
  const nameSource = sourceOf(scope.file, node, 'name');
  settings.push({ name: node.name, nameSource, value: settingValue(scope, node.value) });
}

function settingValue(scope: BodyScope, node: ExpressionNode): Expression {
  const source = sourceOf(scope.file, node);
  switch (node.$type) {
    case 'StringLiteral':
    case 'BooleanLiteral':
      return { kind: 'static', value: node.value, source };
    case 'NoneLiteral':
      return { kind: 'static', value: null, source };
    case 'Name': {
      if (scope.file.dims.has(node.name)) break;
      const block = scope.file.blockNamed(node.name);
      if (block !== undefined)
        return { kind: 'function', target: { kind: 'block', key: block.key }, source };
      const op = opNamed(node.name);
      if (op !== undefined) return { kind: 'function', target: { kind: 'operator', op }, source };
      if (sourceNamed(node.name) === undefined) break;
      return { kind: 'source', initial: checkInitial(scope, node), source };
    }
    case 'Call':
      if (sourceNamed(node.callee) === undefined) break;
      return { kind: 'source', initial: checkInitial(scope, node), source };
    default: {
      const literal = tensorLiteral(node);
      if (literal !== undefined && node.$type === 'ListLiteral')
        return { kind: 'literal', literal, source };
    }
  }
  return checkExpression(scope, node).expression;
}

// ---------------------------------------------------------------- patches and expectations

function readPatch(scope: BodyScope, node: PatchNode, { patches }: Draft): void {
  const path = pathText(node.target);
  const slice = node.items.length === 0 ? undefined : checkSlice(scope, node.items);
  if (path === undefined || (node.items.length > 0 && slice === undefined)) return;
  patches.push({
    path,
    pathSource: sourceOf(scope.file, node, 'target'),
    slice,
    value: fileOr(settingValue, scope, node.value),
    source: sourceOf(scope.file, node),
  });
}

/** In patches and expectations a text is a file. */
function fileOr(
  otherwise: (scope: BodyScope, node: ExpressionNode) => Expression,
  scope: BodyScope,
  node: ExpressionNode,
): Expression {
  if (node.$type !== 'StringLiteral') return otherwise(scope, node);
  const source = sourceOf(scope.file, node);
  return { kind: 'source', initial: checkInitial(scope, node), source };
}

function readExpectation(
  scope: BodyScope,
  node: Expect,
  { expectations, expectationPlaces }: Draft,
): void {
  const { file } = scope;
  const source = sourceOf(file, node);
  expectationPlaces.push(source);
  const text = textOf(node).replace(/^expect\s+/, '');
  const subject = checkExpression(scope, node.subject).expression;
  if (node.type !== undefined) {
    const type = shapeIn(scope, node.type);
    if (type !== undefined)
      expectations.push({ kind: 'shape', value: subject, type, source, text });
    return;
  }
  if (node.operator === undefined || node.value === undefined) return;
  const right = fileOr((_, value) => checkExpression(scope, value).expression, scope, node.value);
  const tolerance = node.tolerance === undefined ? 1e-5 : toleranceOf(file, node.tolerance);
  if (tolerance === undefined) return;
  expectations.push({
    kind: 'value',
    left: subject,
    operator: node.operator,
    right,
    tolerance,
    source,
    text,
  });
}

function toleranceOf(file: FileScope, node: ExpressionNode): number | undefined {
  const literal = tensorLiteral(node);
  const value = literal?.shape.length === 0 ? literal.data[0] : undefined;
  if (value !== undefined && value >= 0) return value;
  if (node.$type !== 'Missing') {
    file.diagnostics.report(
      'argument',
      sourceOf(file, node),
      'A tolerance is a number, 0 or more.',
    );
  }
  return undefined;
}

function usedRuns({ patches, expectations }: Draft): readonly string[] {
  const names = new Set<string>();
  const visit = (expression: Expression): void => {
    switch (expression.kind) {
      case 'path':
        if (expression.run !== undefined) names.add(expression.run);
        return;
      case 'apply':
        for (const operand of expression.operands) visit(operand.value);
        return;
      case 'call':
        for (const argument of expression.arguments.values()) visit(argument);
        return;
      case 'output':
        visit(expression.value);
        return;
      default:
        return;
    }
  };
  for (const patch of patches) visit(patch.value);
  for (const expectation of expectations) {
    if (expectation.kind === 'value')
      for (const side of [expectation.left, expectation.right]) visit(side);
  }
  return [...names];
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
      const message = `A mapping takes a tensor by its name in the file, with slices and .T: "h.*.weight".T.`;
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
