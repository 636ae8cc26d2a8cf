/** Patches and expectations of a run, on the finished drafts. */
import { t } from '@vscode/l10n';
import { formatShape, type Shape } from '../dims/index.ts';
import { opWritten } from '../ops/index.ts';
import {
  type CheckedRun,
  type Expectation,
  numberOf,
  type Patch,
  type PathExpression,
  type PathTemplate,
  type TensorType,
} from '../shapes/index.ts';
import type { ExpectationResult, SourceRange } from '../trace/index.ts';
import { Draft } from './draft.ts';
import { evaluate, evaluateSource } from './evaluate.ts';
import { type BuildLog, createDraft, draftOf, type Frame, resolveType } from './frame.ts';
import type { ValueExpectation } from './graph.ts';
import { applyToDrafts } from './operators.ts';
import { findPath, suggestPath } from './paths.ts';
import type { PathTable } from './scope.ts';
import { broken, numberValue, tensorValue, type Value } from './value.ts';

export interface RunChecks {
  readonly run: CheckedRun;
  readonly frame: Frame;
  readonly paths: PathTable;
  readonly otherRun: (run: string, path: string) => TensorType | 'broken' | undefined;
  /** Called before a draft becomes a name of its patched value, with a draft that keeps what was there. */
  readonly replace: (target: Draft, original: Draft) => void;
}

/** A metric before the nodes have their numbers. */
export interface DraftMetric {
  readonly name: string;
  readonly draft: Draft;
}

export interface BuiltExpectations {
  readonly values: readonly DraftExpectation[];
  readonly shapes: readonly ExpectationResult[];
}

/** A value expectation before the nodes have their numbers. */
export type DraftExpectation = Omit<ValueExpectation, 'left' | 'right'> & {
  readonly left: Draft;
  readonly right: Draft;
};

export function applyPatches(checks: RunChecks): void {
  for (const patch of checks.run.patches) {
    const path = filledPath(checks.frame, patch, patch.pathSource);
    if (path === undefined) continue;
    const targets = findPath(checks.paths, path);
    if (targets.length === 0) reportPath(checks, path, patch.pathSource);
    for (const target of targets) applyPatch(checks, patch, target);
  }
}

/**
 * The target's value moves to a new draft, and the target becomes another name for the patched one: whoever used it
 * now uses the patched value, the patch's own expression still sees what was there.
 */
function applyPatch(checks: RunChecks, patch: Patch, target: Draft): void {
  const { source } = patch;
  const original = originalOf(checks, target);
  const frame = patchFrame(checks, (self) => selectPart(checks.frame, patch, original, self));
  const value = evaluatePatchValue(checks, frame, patch, original);
  const draft = draftOf(frame, value, patch.value.source);
  if (draft === undefined) return;
  const attributes = [{ name: 'items', value: patch.slice ?? wholeSlice(source) }] as const;
  const operands = [
    { name: 'x', draft: original, source },
    { name: 'value', draft, source: patch.value.source },
  ];
  const op = opWritten({ kind: 'internal', purpose: 'patch' });
  const patched = applyToDrafts(frame, { op, attributes, rest: [], source }, operands, undefined);
  if (patched.kind === 'tensor') target.content = { kind: 'alias', of: patched.draft };
}

/** What stood at the target. */
function originalOf({ replace }: RunChecks, target: Draft): Draft {
  const place = { source: target.source, callers: target.callers };
  const original = new Draft(target.content, target.type, place, target.residualWrite);
  replace(target, original);
  return original;
}

/** A parameter or an input that is patched still gets its values from where it got them. */
export function replaceGiven({ parameters, inputs }: BuildLog, target: Draft, original: Draft) {
  for (const given of [parameters, inputs]) {
    const at = given.indexOf(target);
    if (at >= 0) {
      given[at] = original;
      original.path = target.path;
    } else if (given.includes(original.resolved)) {
      // The target was one of its names, and random values depend on the name.
      original.resolved.path ??= target.path;
    }
  }
}

/** The path with the indices that a family gives put in; undefined where one is no number (reported). */
function filledPath(
  frame: Frame,
  { path, indices }: PathTemplate,
  source: SourceRange,
): string | undefined {
  let filled = path;
  for (const index of indices) {
    const value = frame.context.interpreter.evaluate(frame, { kind: 'dim', dim: index, source });
    if (value.kind !== 'number') return undefined;
    filled = filled.replace('[]', `${value.value}`);
  }
  return filled;
}

function wholeSlice(source: SourceRange) {
  return { kind: 'slice', items: [{ kind: 'ellipsis', source }] } as const;
}

/** `self` is the part that is replaced. */
function selectPart(frame: Frame, patch: Patch, original: Draft, source: SourceRange): Value {
  if (patch.slice === undefined) return tensorValue(original);
  const op = opWritten({ kind: 'index', by: 'slices' });
  const attributes = [{ name: 'items', value: patch.slice }];
  const operand = { name: 'x', draft: original, source };
  return applyToDrafts(frame, { op, attributes, rest: [], source }, [operand], undefined);
}

function evaluatePatchValue(checks: RunChecks, frame: Frame, patch: Patch, original: Draft): Value {
  const { value } = patch;
  if (value.kind !== 'source') return evaluate(frame, value);
  const part = selectPart(checks.frame, patch, original, patch.source);
  if (part.kind !== 'tensor') return broken;
  return evaluateSource(frame, value, part.draft.type, `patch of ${patch.path}`);
}

function patchFrame(checks: RunChecks, self: (source: SourceRange) => Value): Frame {
  const pathValue = (frame: Frame, expression: PathExpression): Value => {
    if (expression.run === undefined && expression.path === 'self') return self(expression.source);
    return lookUp(checks, frame, expression);
  };
  return { ...checks.frame, context: { ...checks.frame.context, pathValue } };
}

/** The value at a path of this run or another, or a dim of that name. */
function lookUp(checks: RunChecks, frame: Frame, expression: PathExpression): Value {
  const { run, dim, source } = expression;
  const path = filledPath(frame, expression, source);
  if (path === undefined) return broken;
  if (run !== undefined) return otherRunValue(checks, frame, run, path, source);
  const [found, ...more] = findPath(checks.paths, path);
  if (found?.path !== undefined && more.length > 0) {
    const message = t`${path} stands for ${more.length + 1} values: name one of them, as ${found.path}.`;
    frame.context.check.diagnostics.report('unknownPath', source, message);
    return broken;
  }
  if (found !== undefined) return tensorValue(found);
  const value = dim && numberOf(frame.context.check.facts, dim);
  if (value !== undefined) return numberValue(value, dim);
  reportPath(checks, path, source);
  return broken;
}

function otherRunValue(
  checks: RunChecks,
  frame: Frame,
  run: string,
  path: string,
  source: SourceRange,
): Value {
  const type = checks.otherRun(run, path);
  if (type === 'broken') return broken;
  if (type === undefined) {
    const isFamily = frame.context.program.runs.some(
      ({ name, family }) => name === run && family.length > 0,
    );
    const message = isFamily
      ? t`${run} is a family of runs, which keeps no values but its metrics: name a run without variables.`
      : t`The run ${run} has no value ${path}.`;
    frame.context.check.diagnostics.report('unknownPath', source, message);
    return broken;
  }
  const initial = { kind: 'run', run, path } as const;
  const draft = createDraft(
    frame,
    { kind: 'input', name: `${run}.${path}`, initial },
    type,
    source,
  );
  frame.context.log.inputs.push(draft);
  return tensorValue(draft);
}

function reportPath(checks: RunChecks, path: string, source: SourceRange): void {
  const { diagnostics } = checks.frame.context.check;
  const name = checks.frame.block.name;
  const { text, meant } = suggestPath(checks.paths, path);
  const fixes = meant.map((other) => ({
    title: t`Change to ${other}`,
    edits: [{ source, text: other }],
  }));
  diagnostics.report('unknownPath', source, `${t`${name} has no value ${path}.`}${text}`, {
    fixes,
  });
}

// ---------------------------------------------------------------- metrics and expectations

export function applyMetrics(checks: RunChecks): readonly DraftMetric[] {
  const frame = patchFrame(checks, () => broken);
  return checks.run.metrics.flatMap(({ name, value, source }): DraftMetric[] => {
    const draft = draftOf(frame, evaluate(frame, value), value.source);
    if (draft === undefined) return [];
    const { facts, diagnostics } = frame.context.check;
    const lengths = draft.type.shape.axes.map((axis) => numberOf(facts, axis));
    if (lengths.every((length) => length === 1)) return [{ name, draft }];
    const message = t`${name} is a tensor ${formatShape(draft.type.shape)}, and a metric is one number: take an element or a mean.`;
    diagnostics.report('rank', source, message);
    return [];
  });
}

export function applyExpectations(checks: RunChecks): BuiltExpectations {
  const frame = patchFrame(checks, () => broken);
  const values: DraftExpectation[] = [];
  const shapes: ExpectationResult[] = [];
  for (const expectation of checks.run.expectations) {
    if (expectation.kind === 'shape') shapes.push(...shapeResult(frame, expectation));
    else values.push(...valueExpectation(frame, expectation));
  }
  return { values, shapes };
}

function shapeResult(
  frame: Frame,
  expectation: Expectation & { readonly kind: 'shape' },
): readonly ExpectationResult[] {
  const draft = draftOf(frame, evaluate(frame, expectation.value), expectation.value.source);
  if (draft === undefined) return [];
  const wanted = resolveType(frame, expectation.type).shape;
  const { facts } = frame.context.check;
  const lengthsOf = ({ axes }: Shape) => axes.map((axis) => numberOf(facts, axis));
  const [given, expected] = [lengthsOf(draft.type.shape), lengthsOf(wanted)];
  const passed = `${given}` === `${expected}`;
  const message = passed
    ? `${formatShape(wanted)} = [${expected.join(', ')}]`
    : t`The shape is ${formatShape(draft.type.shape)} = [${given.join(', ')}], not ${formatShape(wanted)} = [${expected.join(', ')}].`;
  return [{ source: expectation.source, text: expectation.text, passed, message }];
}

function valueExpectation(
  frame: Frame,
  expectation: Expectation & { readonly kind: 'value' },
): readonly DraftExpectation[] {
  const { operator, tolerance, source, text } = expectation;
  const left = draftOf(frame, evaluate(frame, expectation.left), expectation.left.source);
  const right = left && expectedDraft(frame, expectation, left);
  return left && right ? [{ left, operator, right, tolerance, source, text }] : [];
}

/** A file or another source has the shape of what it is compared with. */
function expectedDraft(
  frame: Frame,
  { right, text }: Expectation & { readonly kind: 'value' },
  left: Draft,
): Draft | undefined {
  const value =
    right.kind === 'source'
      ? evaluateSource(frame, right, left.type, `expected in ${text}`)
      : evaluate(frame, right);
  return draftOf(frame, value, right.source);
}
