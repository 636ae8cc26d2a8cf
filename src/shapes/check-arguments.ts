/** Arguments matched to the parameters of a block, an operator or a source, each checked for its kind. */
import { t } from '@vscode/l10n';
import type { Dim } from '../dims/index.ts';
import { type Op, opNamed, ops, type RestDim } from '../ops/index.ts';
import {
  type Argument,
  type Call,
  type Expression as ExpressionNode,
  hasSyntaxError,
} from '../syntax/index.ts';
import { argumentFixes } from './argument-fixes.ts';
import { nearestName, reportUnknown } from './did-you-mean.ts';
import type { Expression } from './expression.ts';
import type { BlockParameter } from './program.ts';
import { type BodyScope, type CheckedType, lengthIn, noteValue, sourceOf } from './scope.ts';
import { signatureOf } from './signatures.ts';
import { brokenAt, kindInWords, type Typed, textIn } from './typed.ts';

export interface CheckedArguments {
  /** The first (or only) argument of each parameter. */
  readonly given: ReadonlyMap<string, Typed>;
  /** Every argument of a parameter, several for a variadic one. */
  readonly all: (name: string) => readonly Typed[];
  readonly rest: readonly RestDim<Dim>[];
  /** False where an argument is missing, of another kind or one too many; each is reported. */
  readonly complete: boolean;
}

type CheckExpression = (scope: BodyScope, node: ExpressionNode) => Typed;

export function checkArguments(
  scope: BodyScope,
  call: Call,
  callee: string,
  parameters: readonly BlockParameter[],
  checkExpression: CheckExpression,
): CheckedArguments {
  const matched = matchArguments(scope, call, callee, parameters);
  const all = new Map<string, Typed[]>();
  const rest: RestDim<Dim>[] = [];
  let complete = matched.complete;
  for (const { parameter, argument } of matched.pairs) {
    if (parameter.variadic && parameter.kind === 'dim') {
      const lengths = restLengths(scope, argument);
      if (lengths === undefined) complete = false;
      else rest.push(...lengths);
      continue;
    }
    // `std = 0.02` is a mistake of writing, and is reported as one.
    if (isAssigned(scope, argument)) {
      complete = false;
      continue;
    }
    const typed = checkArgument(scope, parameter, argument.value, checkExpression);
    if (typed.expression.kind === 'broken') complete = false;
    all.set(parameter.name, [...(all.get(parameter.name) ?? []), typed]);
  }
  const given = new Map(
    [...all].flatMap(([name, [first]]) => (first ? [[name, first] as const] : [])),
  );
  return { given, all: (name) => all.get(name) ?? [], rest, complete };
}

function isAssigned({ file }: BodyScope, argument: Argument): boolean {
  if (argument.name !== undefined || argument.value.$type !== 'Name') return false;
  return /^\s*=(?!=)/.test(file.text.slice(sourceOf(file, argument).end));
}

// ---------------------------------------------------------------- matching

interface Matched {
  readonly pairs: readonly { readonly parameter: BlockParameter; readonly argument: Argument }[];
  readonly complete: boolean;
}

function matchArguments(
  scope: BodyScope,
  call: Call,
  callee: string,
  parameters: readonly BlockParameter[],
): Matched {
  const { file } = scope;
  const byName = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  const variadic = parameters.find((parameter) => parameter.variadic);
  const used = new Set<string>();
  /** Parameters that an argument of nearly their name was meant for. */
  const misspelt = new Set<string>();
  const pairs: { parameter: BlockParameter; argument: Argument }[] = [];
  let complete = true;
  const report = (
    code: Parameters<typeof file.diagnostics.report>[0],
    argument: Argument,
    message: string,
  ) => {
    complete = false;
    file.diagnostics.report(code, sourceOf(file, argument), message);
  };
  for (const argument of call.arguments) {
    const { name } = argument;
    const parameter =
      name === undefined
        ? parameters.find((p) => p.variadic || !used.has(p.name))
        : byName.get(name);
    if (parameter !== undefined && (parameter.variadic || !used.has(parameter.name))) {
      used.add(parameter.name);
      pairs.push({ parameter, argument });
    } else if (parameter !== undefined) {
      report('tooManyArguments', argument, t`${callee} got ${parameter.name} twice.`);
    } else if (name !== undefined && variadic?.kind === 'dim') {
      pairs.push({ parameter: variadic, argument });
    } else if (name !== undefined) {
      complete = false;
      const message = t`${callee} has no parameter ${name}.`;
      const unknown = { name, known: byName.keys(), place: sourceOf(file, argument, 'name') };
      reportUnknown(
        file.diagnostics,
        'unknownArgument',
        sourceOf(file, argument),
        message,
        unknown,
      );
      misspelt.add(nearestName(name, byName.keys()) ?? name);
    } else {
      report('tooManyArguments', argument, t`${callee} takes ${countOf(parameters)}.`);
    }
  }
  const absent = parameters.filter(
    (p) => !used.has(p.name) && !p.variadic && !p.optional && p.initial === undefined,
  );
  const missing = absent.filter((p) => !misspelt.has(p.name));
  if (missing.length > 0) {
    complete = false;
    // A syntax error may have swallowed the argument.
    if (hasSyntaxError(call, file.syntaxErrors)) return { pairs, complete };
    const names = missing.map((parameter) => parameter.name).join(', ');
    file.diagnostics.report(
      'missingArgument',
      sourceOf(file, call, 'callee'),
      t`${callee} needs ${names}: write ${callee}(…, ${missing.map((p) => `${p.name}: …`).join(', ')}).`,
      { fixes: argumentFixes(scope, call, missing) },
    );
  }
  return { pairs, complete };
}

function countOf(parameters: readonly BlockParameter[]): string {
  const count = parameters.length;
  if (count === 0) return t`no arguments`;
  return count === 1 ? t`one argument` : t`${count} arguments`;
}

// ---------------------------------------------------------------- kinds

/** Further dims: single, named, or a list of them. */
function restLengths(
  scope: BodyScope,
  { name, value }: Argument,
): readonly RestDim<Dim>[] | undefined {
  const nodes = value.$type === 'ListLiteral' ? value.elements : [value];
  const lengths = nodes.map((node) => lengthIn(scope, node));
  const known = lengths.filter((length) => length !== undefined);
  return known.length === lengths.length ? known.map((dim) => ({ name, value: dim })) : undefined;
}

function checkArgument(
  scope: BodyScope,
  parameter: BlockParameter,
  node: ExpressionNode,
  checkExpression: CheckExpression,
): Typed {
  const source = sourceOf(scope.file, node);
  if (node.$type === 'NoneLiteral' && parameter.optional) {
    return { expression: { kind: 'static', value: null, source }, type: { kind: 'none' } };
  }
  switch (parameter.kind) {
    case 'dim':
      return checkLength(scope, node);
    case 'fn':
      return checkFunction(scope, parameter, node);
    case 'tensor':
      return expectKind(scope, parameter, checkExpression(scope, node), [
        'tensor',
        'number',
        'dim',
        'bool',
      ]);
    case 'number':
      return expectKind(scope, parameter, checkExpression(scope, node), ['number', 'dim']);
    case 'string':
      return expectKind(scope, parameter, checkExpression(scope, node), ['string']);
    case 'bool':
      return expectKind(scope, parameter, checkExpression(scope, node), ['bool', 'number']);
  }
}

const kindNames: Record<BlockParameter['kind'], string> = {
  tensor: t`a tensor`,
  dim: t`a dim`,
  number: t`a number that is known when the program is built`,
  string: t`a text`,
  bool: t`true or false`,
  fn: t`an elementwise operator or a block of one tensor`,
};

function expectKind(
  scope: BodyScope,
  parameter: BlockParameter,
  typed: Typed,
  kinds: readonly CheckedType['kind'][],
): Typed {
  const { kind } = typed.type;
  const wrongElement =
    parameter.type?.dtype === 'int' &&
    typed.type.kind === 'tensor' &&
    typed.type.type.dtype !== 'int';
  if (kind === 'broken' || (kinds.includes(kind) && !wrongElement)) return typed;
  // An optional value of a block may be passed on to an optional parameter.
  if (kind === 'none' && parameter.optional) return typed;
  const { source } = typed.expression;
  const wanted = parameter.type?.dtype === 'int' ? t`a tensor of int` : kindNames[parameter.kind];
  scope.file.diagnostics.report(
    'argumentKind',
    source,
    t`${parameter.name} takes ${wanted}, but ${textIn(scope, source)} is ${wrongElement ? t`a tensor of f32` : kindInWords(kind)}.`,
  );
  return brokenAt(source);
}

function checkLength(scope: BodyScope, node: ExpressionNode): Typed {
  const source = sourceOf(scope.file, node);
  // An optional dim is passed on as it is: it may be none.
  const entry = node.$type === 'Name' ? scope.values.get(node.name) : undefined;
  if (node.$type === 'Name' && entry?.optional === true && entry.type.kind === 'dim') {
    noteValue(scope.file, node.name, entry, source);
    return { expression: { kind: 'local', name: node.name, source }, type: entry.type };
  }
  const dim = lengthIn(scope, node);
  if (dim === undefined) return brokenAt(source);
  return { expression: { kind: 'dim', dim, source }, type: { kind: 'dim', dim } };
}

function checkFunction(scope: BodyScope, parameter: BlockParameter, node: ExpressionNode): Typed {
  const { file } = scope;
  const source = sourceOf(file, node);
  if (node.$type !== 'Name') {
    if (node.$type === 'Missing') return brokenAt(source);
    const message =
      node.$type === 'StringLiteral'
        ? t`${parameter.name} takes ${kindNames.fn}, by its name: ${node.value}, without quotes.`
        : t`${parameter.name} takes ${kindNames.fn}, by its name.`;
    file.diagnostics.report('argumentKind', source, message);
    return brokenAt(source);
  }
  const { name } = node;
  const type: CheckedType = { kind: 'function' };
  if (scope.values.get(name)?.type.kind === 'function') {
    return { expression: { kind: 'function', target: { kind: 'parameter', name }, source }, type };
  }
  const block = file.blockNamed(name);
  if (block !== undefined) {
    return {
      expression: { kind: 'function', target: { kind: 'block', key: block.key }, source },
      type,
    };
  }
  const op = opNamed(name);
  if (op !== undefined && isFunction(op)) {
    return { expression: { kind: 'function', target: { kind: 'operator', op }, source }, type };
  }
  const message = t`${name} is not ${kindNames.fn}.`;
  const functions = ops.filter(isFunction).map((record) => record.name);
  const unknown = { name, known: [...file.blockNames(), ...functions] };
  reportUnknown(file.diagnostics, 'argumentKind', source, message, unknown);
  return brokenAt(source);
}

/** Operators that can be passed by name: called so, and of one tensor. */
function isFunction(op: Op): boolean {
  return op.notation === undefined && signatureOf(op).parameters.size === 1;
}

/** The default of a parameter, written in the scope of the block's own header. */
export function checkDefault(
  scope: BodyScope,
  parameter: BlockParameter,
  node: ExpressionNode,
  checkExpression: CheckExpression,
): Expression {
  return checkArgument(scope, parameter, node, checkExpression).expression;
}
