/** Statements while the graph is built: conditions decided, repeats unrolled. */
import { t } from '@vscode/l10n';
import {
  type Dim,
  formatShape,
  literalDim,
  localSymbol,
  multiplyDims,
  subtractDims,
} from '../dims/index.ts';
import {
  type AssignStatement,
  type AssignTarget,
  demandEqual,
  type Expression,
  type IfStatement,
  type InputStatement,
  numberOf,
  type ParamStatement,
  type RepeatStatement,
  type ResultStatement,
  type Statement,
  type TensorType,
  type WriteStatement,
} from '../shapes/index.ts';
import type { Draft } from './draft.ts';
import { evaluateSource, truthOf } from './evaluate.ts';
import {
  assign,
  createDraft,
  draftOf,
  type Frame,
  GraphTooLarge,
  lengthOf,
  mostValues,
  resolveDim,
  resolveType,
} from './frame.ts';
import { initialOf } from './initial.ts';
import { mentions } from './mentions.ts';
import { applyToDrafts } from './operators.ts';
import { joinPath } from './scope.ts';
import { broken, tensorValue, type Value } from './value.ts';

export function execute(frame: Frame, body: readonly Statement[]): Value | undefined {
  for (const statement of body) {
    const result = executeStatement(frame, statement);
    if (result !== undefined) return result;
  }
  return undefined;
}

/** The returned value, of a `return`. */
function executeStatement(frame: Frame, statement: Statement): Value | undefined {
  switch (statement.kind) {
    case 'param':
      declareParameter(frame, statement);
      return undefined;
    case 'input':
      declareInput(frame, statement);
      return undefined;
    case 'assign':
      executeAssign(frame, statement);
      return undefined;
    case 'write':
      executeWrite(frame, statement);
      return undefined;
    case 'repeat':
      executeRepeat(frame, statement);
      return undefined;
    case 'if':
      return executeIf(frame, statement);
    case 'return':
    case 'output':
      return executeResult(frame, statement);
  }
}

function declareParameter(frame: Frame, statement: ParamStatement): void {
  const { name, nameSource } = statement;
  const table = frame.scope.parameters.parameters;
  const existing = table.get(name);
  const type = resolveType(frame, statement.type);
  if (existing !== undefined) {
    if (fitsShared(frame, existing, statement, type)) {
      frame.values.set(name, tensorValue(existing));
      note(frame, statement, [existing]);
    }
    return;
  }
  const initial = initialOf(frame, statement.initial);
  if (initial === undefined) return;
  if (initial.kind === 'literal' && !literalFits(frame, initial.shape, type, nameSource)) return;
  const draft = createDraft(frame, { kind: 'parameter', initial }, type, nameSource);
  draft.claimed = true;
  table.set(name, draft);
  frame.values.set(name, tensorValue(draft));
  frame.context.log.parameters.push(draft);
  note(frame, statement, [draft]);
}

/** Calls share a parameter only in one shape: a second call that needs another is where the mistake is. */
function fitsShared(
  frame: Frame,
  existing: Draft,
  { name, nameSource }: ParamStatement,
  { shape }: TensorType,
): boolean {
  const { diagnostics } = frame.context.check;
  const path = joinPath(frame.scope.parameters.path, name);
  const call = frame.callers.at(-1);
  const source = call === undefined || call === existing.callers.at(-1) ? nameSource : call;
  const headline = t`Calls under one label share their parameters, so ${path} must have one shape`;
  const first = existing.type.shape;
  if (shape.axes.length !== first.axes.length) {
    diagnostics.report(
      'rank',
      source,
      t`${headline}: ${formatShape(first)} and ${formatShape(shape)}.`,
    );
    return false;
  }
  const related = [
    { source: existing.callers.at(-1) ?? existing.source, message: t`shared with this` },
  ];
  return shape.axes.every((axis, i) =>
    demandEqual(frame.context.check, {
      source,
      headline,
      left: { label: 'first', shape: first, axis: first.axes[i] ?? axis, at: i },
      right: { label: 'here', shape, axis, at: i },
      related,
    }),
  );
}

function declareInput(frame: Frame, statement: InputStatement): void {
  const { name, nameSource } = statement;
  const type = resolveType(frame, statement.type);
  const given = frame.context.inputs.get(name);
  const initial = given?.initial ?? (statement.initial && initialOf(frame, statement.initial));
  if (initial?.kind === 'literal' && !literalFits(frame, initial.shape, type, nameSource)) return;
  const draft = createDraft(frame, { kind: 'input', name, initial }, type, nameSource);
  frame.context.log.inputs.push(draft);
  assign(frame, name, tensorValue(draft), nameSource);
  note(frame, statement, [draft]);
}

function literalFits(
  frame: Frame,
  shape: readonly number[],
  type: TensorType,
  source: ParamStatement['nameSource'],
): boolean {
  const wanted = type.shape.axes.map((axis) => numberOf(frame.context.check.facts, axis));
  // A number fills the whole tensor.
  if (shape.length === 0 || `${shape}` === `${wanted}`) return true;
  frame.context.check.diagnostics.report(
    'shapeMismatchNow',
    source,
    t`The values are [${shape.join(', ')}], but ${formatShape(type.shape)} = [${wanted.join(', ')}] is declared.`,
  );
  return false;
}

function executeAssign(frame: Frame, statement: AssignStatement): void {
  const { targets, declared, value } = statement;
  const [only] = targets;
  if (only !== undefined && targets.length === 1) {
    const result = evaluateAssigned(frame, value, declared, only.name);
    note(frame, statement, assignChecked(frame, only, result, declared));
    return;
  }
  const tuple = frame.context.interpreter.evaluate(frame, value, {
    kind: 'tuple',
    count: targets.length,
  });
  const parts = tuple.kind === 'tuple' ? tuple.parts : [];
  const drafts = targets.flatMap((target, i) =>
    assignChecked(frame, target, parts[i] ?? broken, declared),
  );
  note(frame, statement, drafts);
}

function evaluateAssigned(
  frame: Frame,
  value: Expression,
  declared: TensorType | undefined,
  name: string,
): Value {
  if (value.kind !== 'source') return frame.context.interpreter.evaluate(frame, value);
  return declared === undefined ? broken : evaluateSource(frame, value, declared, name);
}

function assignChecked(
  frame: Frame,
  target: AssignTarget,
  value: Value,
  declared: TensorType | undefined,
): readonly Draft[] {
  const draft = draftOf(frame, value, target.source);
  const fits =
    declared === undefined ||
    draft === undefined ||
    fitsDeclared(frame, draft, declared, target.source, target.name);
  // In a transparent copy the assignment itself has no path.
  if (frame.transparent) {
    frame.values.set(target.name, fits ? value : broken);
    return draft ? [draft] : [];
  }
  const made = assign(frame, target.name, fits ? value : broken, target.source);
  return made ? [made] : [];
}

/** Reports where a value does not have its declared shape. */
function fitsDeclared(
  frame: Frame,
  draft: Draft,
  declared: TensorType,
  source: AssignTarget['source'],
  name: string,
): boolean {
  const wanted = resolveType(frame, declared).shape;
  const given = draft.type.shape;
  if (wanted.axes.length !== given.axes.length) {
    frame.context.check.diagnostics.report(
      'rank',
      source,
      t`${name} is ${formatShape(given)}, but ${formatShape(wanted)} is declared.`,
    );
    return false;
  }
  return wanted.axes.every((axis, i) =>
    demandEqual(frame.context.check, {
      source,
      headline: t`${name} is not of its declared shape`,
      left: { label: name, shape: given, axis: given.axes[i] ?? axis, at: i },
      right: { label: 'declared', shape: wanted, axis, at: i },
      related: [],
    }),
  );
}

function executeWrite(frame: Frame, statement: WriteStatement): void {
  const { sum, target } = statement;
  if (sum.kind !== 'apply') return;
  const operands = sum.operands.map(({ name, value }) => {
    const evaluated = frame.context.interpreter.evaluate(frame, value);
    return { name, draft: draftOf(frame, evaluated, value.source), source: value.source };
  });
  const drafts = operands.flatMap(({ name, draft, source }) =>
    draft === undefined ? [] : [{ name, draft, source }],
  );
  const value =
    drafts.length === operands.length ? applyToDrafts(frame, sum, drafts, undefined, true) : broken;
  const made = assign(frame, target.name, value, target.source);
  note(frame, statement, made ? [made] : []);
}

function executeIf(frame: Frame, statement: IfStatement): Value | undefined {
  const truth = truthOf(frame.context.interpreter.evaluate(frame, statement.condition));
  if (truth === undefined) return undefined;
  return execute(
    { ...frame, depth: frame.depth + 1 },
    truth ? statement.consequent : statement.otherwise,
  );
}

function executeRepeat(frame: Frame, statement: RepeatStatement): void {
  const { body, carried, shared } = statement;
  const count = lengthOf(frame, statement.count);
  if (count === undefined) return;
  // A body without values would never reach the limit by itself.
  if (count > mostValues) throw new GraphTooLarge();
  const label = statement.label ?? frame.scope.freeLabel('repeat', { besideValue: false });
  frame.scope.reserve(label);
  const transparent = isTransparent(body);
  const outer = new Map(carried.map(({ name }) => [name, frame.values.get(name) ?? broken]));
  const made = frame.context.sketch ? sketchedCopies(frame, statement, count) : undefined;
  const layers = made === undefined ? layersOf(frame, statement, count) : [...made.keys()];
  const { log } = frame.context;
  const before = log.drafts;
  for (const layer of layers) {
    const scope = frame.scope.openCopy(label, layer, shared ? 'shared' : 'own');
    const dims = new Map(frame.binding.dims).set(
      localSymbol(frame.block.key, 'layer'),
      literalDim(layer),
    );
    const copy: Frame = {
      ...frame,
      scope,
      binding: { ...frame.binding, dims },
      values: new Map(frame.values),
      depth: frame.depth + 1,
      copies: multiplyDims(frame.copies, made?.[layer] ?? one),
      transparent,
    };
    for (const [name, value] of outer) enterCopy(copy, name, value, statement);
    execute(copy, body);
    for (const { name } of carried) outer.set(name, copy.values.get(name) ?? broken);
  }
  // Copies that others stand for count towards the limit all the same.
  log.drafts = before + Math.round(((log.drafts - before) * count) / Math.max(1, layers.length));
  for (const { name, source } of carried) assign(frame, name, outer.get(name) ?? broken, source);
}

/** The copies to build. */
function layersOf(
  { context: { namedCopies }, block }: Frame,
  { body }: RepeatStatement,
  count: number,
): readonly number[] {
  const all = Array.from({ length: count }, (_, layer) => layer);
  // Where the body knows its index, the copies may differ.
  if (namedCopies === undefined || mentions(body, localSymbol(block.key, 'layer'))) return all;
  return all.filter((layer) => layer < 2 || layer === count - 1 || namedCopies.has(layer));
}

/**
 * In a sketch the first copy and one for all others, which read what a copy left: every difference that there can be
 * between copies. All of them where the body looks at `layer`. Each with the number of copies that it stands for.
 */
function sketchedCopies(
  frame: Frame,
  { body, count: written }: RepeatStatement,
  count: number,
): readonly Dim[] | undefined {
  const layer = localSymbol(frame.block.key, 'layer');
  if (count < 1 || mentions(body, layer)) return undefined;
  const total = resolveDim(frame, written);
  return count === 1 ? [total] : [one, subtractDims(total, one)];
}

const one = literalDim(1);

function enterCopy(copy: Frame, name: string, value: Value, { source }: RepeatStatement): void {
  if (copy.transparent || value.kind !== 'tensor') {
    copy.values.set(name, value);
    return;
  }
  const place = { source: value.draft.source, callers: copy.callers };
  assign(copy, name, tensorValue(value.draft.alias(place)), source);
}

/** A body that is a single block call without `as`. */
function isTransparent(body: readonly Statement[]): boolean {
  const [only] = body;
  return (
    body.length === 1 &&
    only?.kind === 'assign' &&
    only.value.kind === 'call' &&
    only.value.label.kind === 'variable'
  );
}

function executeResult(frame: Frame, statement: ResultStatement): Value | undefined {
  const value = frame.context.interpreter.evaluate(frame, statement.value);
  const draft = draftOf(frame, value, statement.value.source);
  if (draft === undefined) {
    note(frame, statement, []);
    return statement.kind === 'return' ? broken : undefined;
  }
  const { declared, name } = statement;
  const fits =
    declared === undefined ||
    fitsDeclared(frame, draft, declared, statement.value.source, name ?? 'result');
  if (statement.kind === 'return') {
    note(frame, statement, [draft]);
    return fits ? tensorValue(draft) : broken;
  }
  if (!fits || name === undefined) return undefined;
  const existing = statement.value.kind === 'local' && statement.value.name === name;
  const output = existing ? draft : (assign(frame, name, value, statement.nameSource) ?? draft);
  frame.context.log.outputs.push({ name, draft: output });
  note(frame, statement, [output]);
  return undefined;
}

function note(
  frame: Frame,
  { source }: { source: Statement['source'] },
  drafts: readonly Draft[],
): void {
  const { block, depth } = frame;
  frame.context.log.statements.push({ source, owner: block.name, depth, drafts });
}
