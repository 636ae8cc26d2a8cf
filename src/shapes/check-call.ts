/** Calls: blocks, operators, sources and function parameters; arguments matched to parameters. */
import { t } from '@vscode/l10n';
import { type Dim, formatDim, literalDim, localSymbol } from '../dims/index.ts';
import {
  type Attribute,
  type Op,
  opNamed,
  ops,
  type RestDim,
  sourceNamed,
  sources,
} from '../ops/index.ts';
import type { Call, Expression as ExpressionNode } from '../syntax/index.ts';
import { tensorFits } from './apply.ts';
import { type Binding, emptyBinding, substituteBinding, substituteShape } from './bind.ts';
import { type CheckedArguments, checkArguments } from './check-arguments.ts';
import type { SourceRange } from './diagnostic.ts';
import { reportUnknown } from './did-you-mean.ts';
import type { CallLabel, Expression, InitialValue, TensorType } from './expression.ts';
import type { CheckedBlock } from './program.ts';
import { type BodyScope, checkExact, sourceOf } from './scope.ts';
import { signatureOf } from './signatures.ts';
import {
  brokenAt,
  brokenType,
  type LabelHint,
  originOfTyped,
  rewritingIn,
  type Typed,
  textIn,
} from './typed.ts';

/** What calls need of expressions, which need calls. */
export interface CallChecking {
  readonly checkExpression: (scope: BodyScope, node: ExpressionNode) => Typed;
  readonly applyOp: (
    scope: BodyScope,
    op: Op,
    operands: readonly Typed[],
    source: SourceRange,
    more: {
      readonly names: readonly string[];
      readonly attributes: readonly { readonly name: string; readonly value: Expression }[];
      readonly typed: ReadonlyMap<string, Attribute>;
      readonly rest: readonly RestDim<Dim>[];
    },
  ) => Typed;
}

export function checkCall(
  scope: BodyScope,
  node: Call,
  hint: LabelHint,
  checking: CallChecking,
): Typed {
  const { file } = scope;
  const source = sourceOf(file, node);
  const name = node.callee;
  const place = sourceOf(file, node, 'callee');
  const local = scope.values.get(name);
  if (local?.type.kind === 'function') return checkFunctionCall(scope, node, hint, checking);
  const block = file.blockNamed(name);
  if (block !== undefined) {
    noteCallee(scope, name, 'block', block.signature, block.doc, place, block.source);
    return checkBlockCall(scope, node, block, hint, checking);
  }
  const op = opNamed(name);
  // What has a notation is written so, never called.
  if (op !== undefined && op.notation === undefined) {
    noteCallee(scope, name, 'operator', op.signature, op.doc, place, undefined);
    return checkOperatorCall(scope, node, op, checking);
  }
  const initial = checkSource(scope, node, checking);
  if (initial !== undefined) {
    return { expression: { kind: 'source', initial, source }, type: brokenType };
  }
  for (const { value } of node.arguments) checking.checkExpression(scope, value);
  if (file.brokenBlocks.has(name)) return brokenAt(source);
  const callable = ops.filter((record) => record.notation === undefined);
  const known = [...file.blockNames(), ...callable.map((record) => record.name)];
  const message = t`No block or operator ${name} is known here.`;
  reportUnknown(file.diagnostics, 'unknownCallee', place, message, { name, known });
  return brokenAt(source);
}

/** `normal(seed: 3)`: undefined where the call names no source. */
export function checkSource(
  scope: BodyScope,
  node: Call,
  checking: CallChecking,
): InitialValue | undefined {
  const record = sourceNamed(node.callee);
  if (record === undefined) return undefined;
  const place = sourceOf(scope.file, node);
  noteCallee(
    scope,
    record.name,
    'operator',
    record.signature,
    record.doc,
    sourceOf(scope.file, node, 'callee'),
    undefined,
  );
  const parameters = [...signatureOf(record).parameters.values()];
  const { given, complete } = checkArguments(
    scope,
    node,
    record.name,
    parameters,
    checking.checkExpression,
  );
  if (!complete) return { kind: 'broken' };
  const values = new Map<string, Expression>();
  for (const parameter of parameters) {
    const expression = given.get(parameter.name)?.expression ?? parameter.initial;
    if (expression !== undefined) values.set(parameter.name, expression);
  }
  return { kind: 'source', source: record, arguments: values, place };
}

export function sourceNames(): readonly string[] {
  return sources.map((source) => source.name);
}

function noteCallee(
  scope: BodyScope,
  name: string,
  kind: 'block' | 'operator',
  declaration: string,
  doc: string | undefined,
  source: SourceRange,
  definition: SourceRange | undefined,
): void {
  scope.file.facts.push({
    source,
    name,
    kind,
    type: undefined,
    dim: undefined,
    declaration,
    doc,
    definition,
  });
}

// ---------------------------------------------------------------- operators

function checkOperatorCall(scope: BodyScope, node: Call, op: Op, checking: CallChecking): Typed {
  const source = sourceOf(scope.file, node);
  const parameters = [...signatureOf(op).parameters.values()];
  const checked = checkArguments(scope, node, op.name, parameters, checking.checkExpression);
  // What is missing or of another kind is reported; a rule would only complain of it once more.
  if (!checked.complete) return brokenAt(source);
  const names: string[] = [];
  const operands: Typed[] = [];
  const attributes: { name: string; value: Expression }[] = [];
  const typed = new Map<string, Attribute>();
  for (const parameter of parameters) {
    const values = checked.all(parameter.name);
    if (parameter.kind === 'tensor') {
      for (const value of values) {
        names.push(parameter.name);
        operands.push(value);
      }
      continue;
    }
    if (parameter.variadic) continue;
    const value = values[0]?.expression ?? parameter.initial;
    if (value === undefined) continue;
    attributes.push({ name: parameter.name, value });
    const attribute = symbolicAttribute(value);
    if (attribute !== undefined) typed.set(parameter.name, attribute);
  }
  return checking.applyOp(scope, op, operands, source, {
    names,
    attributes,
    typed,
    rest: checked.rest,
  });
}

function symbolicAttribute(expression: Expression): Attribute | undefined {
  switch (expression.kind) {
    case 'number':
      return Number.isInteger(expression.value) ? literalDim(expression.value) : expression.value;
    case 'dim':
      return expression.dim;
    case 'static':
      return expression.value;
    default:
      return undefined;
  }
}

// ---------------------------------------------------------------- blocks

function checkBlockCall(
  scope: BodyScope,
  node: Call,
  block: CheckedBlock,
  hint: LabelHint,
  checking: CallChecking,
): Typed {
  const source = sourceOf(scope.file, node);
  const checked = checkArguments(
    scope,
    node,
    block.name,
    block.parameters,
    checking.checkExpression,
  );
  const label = labelOf(scope, node, hint, block.key);
  const expression: Expression = {
    kind: 'call',
    block: block.key,
    arguments: new Map([...checked.given].map(([name, value]) => [name, value.expression])),
    label,
    source,
  };
  if (!checked.complete) return { expression, type: brokenType };
  const binding = bindBlock(scope, block, checked, source);
  const result = scope.file.resultOf(block);
  if (binding === undefined || result === undefined) return { expression, type: brokenType };
  const generics = block.generics.flatMap((generic) => {
    const dim = binding.dims.get(localSymbol(block.key, generic));
    return dim === undefined ? [] : [{ name: generic, dim }];
  });
  return {
    expression: { ...expression, generics },
    type: {
      kind: 'tensor',
      type: { shape: substituteShape(result.shape, binding), dtype: result.dtype },
    },
  };
}

/** The generics and dim parameters of a call; undefined where an argument does not fit. */
function bindBlock(
  scope: BodyScope,
  block: CheckedBlock,
  checked: CheckedArguments,
  source: SourceRange,
): Binding | undefined {
  const binding = emptyBinding();
  const generics = new Set(block.generics.map((name) => localSymbol(block.key, name)));
  let sound = true;
  for (const parameter of block.parameters) {
    const given = checked.given.get(parameter.name) ?? defaultOf(parameter.initial, checked);
    if (given === undefined) continue;
    if (parameter.kind === 'dim') {
      const dim = lengthOf(given, binding);
      if (dim === undefined) continue;
      binding.dims.set(localSymbol(block.key, parameter.name), dim);
      const own = checked.given.get(parameter.name);
      // A default that is another parameter's length (`d_v = d_k`) has no remainder of its own.
      if (own === undefined && divisorsIn(given).length === 0) continue;
      const place = own ?? divisorOf(given, block, checked);
      const what = `${block.name}: ${parameter.name} = ${formatDim(dim)}`;
      checkExact(scope.file.check, dim, place?.expression.source ?? source, what);
    }
    if (parameter.kind !== 'tensor' || parameter.type === undefined) continue;
    if (given.type.kind === 'broken') sound = false;
    const type = tensorOf(given);
    if (type === undefined) continue;
    const operand = {
      name: parameter.name,
      type,
      source: given.expression.source,
      label: textIn(scope, given.expression.source),
      origin: originOfTyped(scope, given),
      rewriting: rewritingIn(scope, given.expression),
    };
    if (!tensorFits(operand, parameter.type, binding, generics, scope.file.check)) sound = false;
  }
  return sound ? binding : undefined;
}

/** The argument by which a default divides: `heads` in `d_k = n / heads`. */
function divisorOf(
  given: Typed,
  block: CheckedBlock,
  checked: CheckedArguments,
): Typed | undefined {
  const symbols = divisorsIn(given);
  const divisor = block.parameters.find(({ name }) =>
    symbols.includes(localSymbol(block.key, name)),
  );
  return divisor && checked.given.get(divisor.name);
}

function divisorsIn({ type }: Typed): readonly string[] {
  if (type.kind !== 'dim') return [];
  return type.dim.denominator.flatMap(({ factors }) => factors.map(({ symbol }) => symbol));
}

/** Numbers are tensors without axes. */
function tensorOf({ type }: Typed): TensorType | undefined {
  switch (type.kind) {
    case 'tensor':
      return type.type;
    case 'number':
    case 'dim':
    case 'bool':
      return { shape: { lead: false, axes: [] }, dtype: 'f32' };
    case 'string':
    case 'function':
    case 'none':
    case 'tuple':
    case 'broken':
      return undefined;
  }
}

/** A default that is another parameter (`context = x`) has that one's argument. */
function defaultOf(initial: Expression | undefined, checked: CheckedArguments): Typed | undefined {
  if (initial === undefined) return undefined;
  if (initial.kind === 'local') return checked.given.get(initial.name);
  if (initial.kind === 'dim')
    return { expression: initial, type: { kind: 'dim', dim: initial.dim } };
  return undefined;
}

function lengthOf({ type, expression }: Typed, binding: Binding): Dim | undefined {
  if (type.kind === 'dim') return substituteBinding(type.dim, binding);
  if (expression.kind === 'number' && Number.isInteger(expression.value)) {
    return literalDim(expression.value);
  }
  return undefined;
}

// ---------------------------------------------------------------- function parameters

function checkFunctionCall(
  scope: BodyScope,
  node: Call,
  hint: LabelHint,
  checking: CallChecking,
): Typed {
  const { file } = scope;
  const source = sourceOf(file, node);
  const [first, ...others] = node.arguments;
  if (first === undefined || others.length > 0) {
    file.diagnostics.report(
      others.length > 0 ? 'tooManyArguments' : 'missingArgument',
      source,
      t`${node.callee} is a function of one tensor.`,
    );
    return brokenAt(source);
  }
  const argument = checking.checkExpression(scope, first.value);
  return {
    expression: {
      kind: 'function call',
      parameter: node.callee,
      argument: argument.expression,
      label: labelOf(scope, node, hint, node.callee),
      source,
    },
    // Elementwise operators and blocks of one tensor keep the shape.
    type: argument.type,
  };
}

// ---------------------------------------------------------------- labels

function labelOf(scope: BodyScope, node: Call, hint: LabelHint, block: string): CallLabel {
  const { file } = scope;
  if (node.label !== undefined && node.label !== '') {
    const source = sourceOf(file, node, 'label');
    const taken = scope.labels.get(node.label);
    if (taken === undefined) scope.labels.set(node.label, { block, source });
    else if (taken.block !== block) {
      file.diagnostics.report(
        'labelTaken',
        source,
        t`The label ${node.label} already stands at the call of another block. Calls share parameters under one label only if they call the same block.`,
        {
          related: [{ source: taken.source, message: t`${node.label} is the label of this call` }],
        },
      );
    }
    return { kind: 'explicit', name: node.label, source };
  }
  const place = sourceOf(file, node, 'callee');
  if (hint !== undefined) return { kind: 'variable', name: hint.name, source: hint.source };
  return { kind: 'block', name: snakeCase(node.callee), source: place };
}

/** `RMSNorm` is `rms_norm`. */
export function snakeCase(name: string): string {
  return name
    .replace(/([\p{Lu}]+)([\p{Lu}][\p{Ll}])/gu, '$1_$2')
    .replace(/([\p{Ll}\p{N}])([\p{Lu}])/gu, '$1_$2')
    .toLowerCase();
}
