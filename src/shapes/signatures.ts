/** Signatures of operators and sources, read from their text in the language itself. */
import { type Dim, localSymbol, type Shape, symbolDim } from '../dims/index.ts';
import type { Op, Source } from '../ops/index.ts';
import {
  type Axis,
  type Block,
  type Expression as ExpressionNode,
  parseProgram,
  type ShapeType,
} from '../syntax/index.ts';
import type { SourceRange } from './diagnostic.ts';
import { dimArithmetic } from './dim-arithmetic.ts';
import type { Expression, TensorType } from './expression.ts';
import type { BlockParameter, ParameterKind } from './program.ts';

export interface OpSignature {
  readonly parameters: ReadonlyMap<string, BlockParameter>;
  /** Symbols that operands bind. */
  readonly generics: ReadonlySet<string>;
  readonly result: TensorType | undefined;
  /** The symbol of a dim parameter. */
  readonly symbolOf: (name: string) => string;
}

const cache = new WeakMap<Op | Source, OpSignature>();

export function signatureOf(record: Op | Source): OpSignature {
  const known = cache.get(record);
  if (known !== undefined) return known;
  const signature = readSignature(record);
  cache.set(record, signature);
  return signature;
}

const nowhere: SourceRange = { uri: 'tblock:/operators', start: 0, end: 0 };

function readSignature({ name, signature }: Op | Source): OpSignature {
  // `...parts: [...]` is the one form that the language itself does not have.
  const variadic = new Set(
    [...signature.matchAll(/\.\.\.([\p{L}_][\p{L}\p{N}_]*)/gu)].map((m) => m[1]),
  );
  const header = signature.replace(/\.\.\.(?=[\p{L}_])/gu, '').replace(/^[^(]*/, 'signature');
  const { program, syntaxErrors } = parseProgram(`block ${header} {}\n`);
  const [block] = program.declarations;
  if (block?.$type !== 'Block' || syntaxErrors.length > 0) {
    throw new SyntaxError(`The signature of ${name} does not parse: ${signature}`);
  }
  const symbolOf = (symbol: string) => localSymbol(name, symbol);
  const parameters = new Map(
    block.parameters.map((parameter) => [
      parameter.name,
      readParameter(parameter, symbolOf, variadic.has(parameter.name)),
    ]),
  );
  const dims = [...parameters.values()].filter(({ kind }) => kind === 'dim');
  const fixed = new Set(dims.map((parameter) => symbolOf(parameter.name)));
  return {
    parameters,
    generics: new Set(
      namesIn(block)
        .map(symbolOf)
        .filter((symbol) => !fixed.has(symbol)),
    ),
    result: block.result && readType(block.result, symbolOf),
    symbolOf,
  };
}

function readParameter(
  { name, type, initial }: Block['parameters'][number],
  symbolOf: (name: string) => string,
  variadic: boolean,
): BlockParameter {
  const kind: ParameterKind = type.$type === 'ShapeType' ? 'tensor' : type.kind;
  return {
    name,
    kind,
    optional: type.optional || variadic,
    type: type.$type === 'ShapeType' ? readType(type, symbolOf) : undefined,
    initial: initial && readDefault(initial, symbolOf),
    variadic,
    source: nowhere,
  };
}

function readType(type: ShapeType, symbolOf: (name: string) => string): TensorType {
  return { shape: readShape(type.axes, symbolOf), dtype: type.element ?? 'f32' };
}

function readShape(axes: readonly Axis[], symbolOf: (name: string) => string): Shape {
  const read = (axis: ExpressionNode): Dim => {
    const dim = dimArithmetic(axis, (name) => symbolDim(symbolOf(name.name)));
    if (dim.kind === 'dim') return dim.dim;
    throw new SyntaxError('An axis of a signature is arithmetic over dims.');
  };
  return {
    lead: axes[0]?.$type === 'Ellipsis',
    axes: axes.flatMap((axis) => (axis.$type === 'Ellipsis' ? [] : [read(axis)])),
  };
}

/** Defaults of operators are constants. */
function readDefault(node: ExpressionNode, symbolOf: (name: string) => string): Expression {
  switch (node.$type) {
    case 'IntegerLiteral':
    case 'FloatLiteral':
      return { kind: 'number', value: node.value, source: nowhere };
    case 'StringLiteral':
    case 'BooleanLiteral':
      return { kind: 'static', value: node.value, source: nowhere };
    case 'NoneLiteral':
      return { kind: 'static', value: null, source: nowhere };
    case 'Unary': {
      const operand = readDefault(node.operand, symbolOf);
      if (operand.kind === 'number') return { ...operand, value: -operand.value };
      break;
    }
    case 'Name':
      return { kind: 'dim', dim: symbolDim(symbolOf(node.name)), source: nowhere };
    default:
      break;
  }
  throw new SyntaxError('The default of an operator is a constant.');
}

/** Every name in the axes of the parameters. */
function namesIn(block: Block): string[] {
  const names: string[] = [];
  const types = block.parameters.flatMap(({ type }) => (type.$type === 'ShapeType' ? [type] : []));
  for (const axis of types.flatMap((type) => type.axes)) {
    if (axis.$type === 'Ellipsis') continue;
    dimArithmetic(axis, (name) => {
      names.push(name.name);
      return symbolDim(name.name);
    });
  }
  return names;
}
