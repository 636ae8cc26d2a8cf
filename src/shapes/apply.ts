/** The type of one application of an operator: by its rule where it has one, else by its signature. */
import { t } from '@vscode/l10n';
import {
  type Dim,
  divideDims,
  formatDim,
  formatShape,
  literalDim,
  literalOf,
  type Shape,
} from '../dims/index.ts';
import {
  type Attribute,
  type AxisPlace,
  type RestDim,
  type RuleProblem,
  resultDtype,
  type ShapeCall,
} from '../ops/index.ts';
import type { Application, OperandType } from './application.ts';
import { type Binding, boundBy, emptyBinding, matchShape, substituteShape } from './bind.ts';
import type { CodeName } from './catalog.ts';
import { DiagnosticList, type SourceRange } from './diagnostic.ts';
import { evaluateWith, numberOf } from './dim-facts.ts';
import type { TensorType } from './expression.ts';
import { type CheckContext, demandEqual, type Side } from './mismatch.ts';
import { operandFixes } from './operand-fixes.ts';
import { rearrangeFix } from './shape-fixes.ts';
import type { OpSignature } from './signatures.ts';

export type { OperandType } from './application.ts';

/** Undefined where a problem was reported. */
export function typeOfApplication(
  application: Application,
  context: CheckContext,
): TensorType | undefined {
  const shape =
    application.op.shape === undefined
      ? shapeBySignature(application, context)
      : shapeByRule(application, context);
  const { op, operands, output } = application;
  const dtypes = operands.map(({ type }) => type.dtype);
  return shape && { shape, dtype: resultDtype(op, dtypes, output) };
}

// ---------------------------------------------------------------- by signature

function shapeBySignature(application: Application, context: CheckContext): Shape | undefined {
  const { signature, operands, attributes } = application;
  const binding = emptyBinding();
  for (const [name, value] of attributes) {
    if (isDim(value)) binding.dims.set(signature.symbolOf(name), value);
    else if (typeof value === 'number')
      binding.dims.set(signature.symbolOf(name), literalDim(value));
  }
  const fits = operands.map((operand) => operandFits(operand, signature, binding, context));
  if (!fits.every(Boolean) || signature.result === undefined) return undefined;
  return substituteShape(signature.result.shape, binding);
}

function operandFits(
  operand: OperandType,
  signature: OpSignature,
  binding: Binding,
  context: CheckContext,
): boolean {
  const declared = signature.parameters.get(operand.name)?.type;
  if (declared === undefined) return true;
  return tensorFits(operand, declared, binding, signature.generics, context);
}

/** Matches a tensor to a declared shape and reports what does not fit. Shared with calls of blocks. */
export function tensorFits(
  operand: OperandType,
  declared: TensorType,
  binding: Binding,
  generics: ReadonlySet<string>,
  context: CheckContext,
): boolean {
  const given = operand.type.shape;
  const match = matchShape(binding, generics, declared.shape, { ...operand, shape: given });
  switch (match.kind) {
    case 'rank':
      context.diagnostics.report(
        'rank',
        operand.source,
        t`${operand.label} is ${formatShape(given)}, but the parameter ${operand.name} takes ${formatShape(declared.shape)}.`,
        {
          related: operand.origin ? [operand.origin] : [],
          fixes: fittingFixes(context, operand, substituteShape(declared.shape, binding)),
        },
      );
      return false;
    case 'undecided':
      reportUndecided(
        context,
        operand.source,
        t`Whether ${operand.label}, ${formatShape(given)}, fits ${operand.name}: ${formatShape(declared.shape)} depends on its leading axes.`,
      );
      return false;
    case 'matched':
      break;
  }
  const agreed = match.demands.map(({ declared: wanted, given: actual, axis, written }) =>
    demandEqual(context, {
      source: operand.source,
      headline: t`${operand.label} does not fit ${operand.name}`,
      left: { label: operand.label, shape: given, axis: actual, at: axis },
      right: {
        label: t`${operand.name} takes`,
        shape: substituteShape(declared.shape, binding),
        axis: wanted,
        at: axis,
      },
      get related() {
        return [...(operand.origin ? [operand.origin] : []), ...boundBy(binding, written)];
      },
      fixes: () => fittingFixes(context, operand, substituteShape(declared.shape, binding)),
    }),
  );
  return agreed.every(Boolean);
}

/** The operand rearranged to a shape that is all known. */
function fittingFixes({ facts }: CheckContext, operand: OperandType, wanted: Shape) {
  if (operand.rewriting === undefined) return [];
  return rearrangeFix(facts, operand.rewriting, operand.type.shape, wanted);
}

// ---------------------------------------------------------------- by rule

/** Unwinds a rule from `fail`; never leaves this file. */
class RuleStopped extends Error {}

function shapeByRule(application: Application, context: CheckContext): Shape | undefined {
  const call = new RuleCall(application, context);
  try {
    const shape = application.op.shape?.(call);
    return call.sound ? shape : undefined;
  } catch (error) {
    if (error instanceof RuleStopped) return undefined;
    throw error;
  }
}

const problemCodes: Record<RuleProblem['kind'], CodeName> = {
  rank: 'rank',
  axis: 'axis',
  pattern: 'pattern',
  argument: 'argument',
  undecided: 'undecided',
};

class RuleCall implements ShapeCall {
  sound = true;
  readonly rest: readonly RestDim<Dim>[];
  readonly output: string | undefined;
  readonly #application: Application;
  readonly #context: CheckContext;

  constructor(application: Application, context: CheckContext) {
    this.#application = application;
    this.#context = context;
    this.rest = application.rest;
    this.output = application.output;
  }

  readonly input = (name: string): Shape => this.#operand(name).type.shape;

  readonly optional = (name: string): Shape | undefined =>
    this.#application.operands.find((operand) => operand.name === name)?.type.shape;

  readonly all = (name: string): readonly Shape[] =>
    this.#application.operands
      .filter((operand) => operand.name === name)
      .map((operand) => operand.type.shape);

  readonly attribute = (name: string): Attribute => this.#application.attributes.get(name) ?? null;

  readonly integer = (name: string): number => {
    const value = this.attribute(name);
    const known = isDim(value) ? numberOf(this.#context.facts, value) : value;
    if (typeof known === 'number' && Number.isInteger(known)) return known;
    return this.fail({ kind: 'argument', message: t`${name} must be a whole number known here.` });
  };

  readonly text = (name: string): string => {
    const value = this.attribute(name);
    if (typeof value === 'string') return value;
    return this.fail({ kind: 'argument', message: t`${name} must be a text.` });
  };

  readonly dim = (name: string): Dim => {
    const value = this.attribute(name);
    if (isDim(value)) return value;
    if (typeof value === 'number' && Number.isInteger(value)) return literalDim(value);
    return this.fail({ kind: 'argument', message: t`${name} must be a length.` });
  };

  readonly agree = (a: AxisPlace, b: AxisPlace): Dim => {
    const [left, right] = [this.#side(a), this.#side(b)];
    const [first, second] = [this.#operand(a.operand, a.part), this.#operand(b.operand, b.part)];
    const fine = demandEqual(this.#context, {
      source: second.source,
      headline: t`The axes of ${first.label} and ${second.label} do not agree`,
      left,
      right,
      related: [first, second].flatMap((operand) => operand.origin ?? []),
      fixes: () =>
        operandFixes(
          {
            facts: this.#context.facts,
            operands: this.#application.operands,
            fits: (operands) => appliesTo({ ...this.#application, operands }, this.#context),
          },
          { operand: first, at: left.at ?? 0 },
          { operand: second, at: right.at ?? 0 },
        ),
    });
    if (!fine) this.sound = false;
    // A literal tells the reader least, so the other name goes on.
    return literalOf(left.axis) === undefined ? left.axis : right.axis;
  };

  readonly within = (bound: Dim, limit: Dim, what: string): void => {
    const [value, most] = [
      numberOf(this.#context.facts, bound),
      numberOf(this.#context.facts, limit),
    ];
    if (value === undefined || most === undefined || value <= most) return;
    this.sound = false;
    this.#context.diagnostics.report(
      'axis',
      this.#application.source,
      t`${what} is ${described(bound, value)}, beyond ${described(limit, most)}.`,
    );
  };

  readonly same = (a: Dim, b: Dim, what: string, other: string): void => {
    const [value, wanted] = [a, b].map((dim) => numberOf(this.#context.facts, dim));
    if (value === undefined || wanted === undefined || value === wanted) return;
    this.sound = false;
    this.#context.diagnostics.report(
      'axis',
      this.#application.source,
      t`${what} is ${described(a, value)}, where ${other} has ${described(b, wanted)}.`,
    );
  };

  readonly divide = (a: Dim, b: Dim, what: string): Dim => {
    const quotient = divideDims(a, b);
    if (quotient === undefined) {
      return this.fail({ kind: 'argument', message: t`${what} is divided by 0.` });
    }
    const { facts, diagnostics } = this.#context;
    if (evaluateWith(facts, quotient).kind === 'inexact') {
      this.sound = false;
      // The quotient may be in lower terms than what the user wrote.
      const word = (dim: Dim) => described(dim, numberOf(facts, dim));
      const message = t`${what}: ${word(b)} does not divide ${word(a)}.`;
      diagnostics.report('inexact', this.#application.source, message);
    }
    return quotient;
  };

  readonly fail = (problem: RuleProblem): never => {
    const place =
      problem.operand === undefined
        ? this.#application.source
        : this.#operand(problem.operand, problem.part).source;
    if (problem.kind === 'undecided') reportUndecided(this.#context, place, problem.message);
    else this.#context.diagnostics.report(problemCodes[problem.kind], place, problem.message);
    throw new RuleStopped(problem.message);
  };

  #side({ operand, part, axis }: AxisPlace): Side {
    const { type, label } = this.#operand(operand, part);
    const { axes } = type.shape;
    const dim = axes.at(axis);
    if (dim === undefined) throw new RangeError(`${operand} has no axis ${axis}.`);
    return { label, shape: type.shape, axis: dim, at: axis < 0 ? axis + axes.length : axis };
  }

  #operand(name: string, part = 0): OperandType {
    const found = this.#application.operands.filter((operand) => operand.name === name)[part];
    if (found === undefined) throw new RangeError(`${this.#application.op.name} has no ${name}.`);
    return found;
  }
}

/** Whether the operator takes these operands without a word. */
function appliesTo(application: Application, context: CheckContext): boolean {
  const diagnostics = new DiagnosticList();
  const type = typeOfApplication(application, { ...context, diagnostics });
  return type !== undefined && diagnostics.all.length === 0;
}

function reportUndecided(context: CheckContext, source: SourceRange, message: string): void {
  context.diagnostics.report(context.mode === 'instance' ? 'rank' : 'undecided', source, message);
}

function described(dim: Dim, value: number | undefined): string {
  const symbolic = formatDim(dim);
  return value === undefined || symbolic === `${value}` ? symbolic : `${symbolic} = ${value}`;
}

export function isDim(value: Attribute | undefined): value is Dim {
  return typeof value === 'object' && value !== null && 'numerator' in value;
}
