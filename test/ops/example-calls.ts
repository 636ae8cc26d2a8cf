/** Examples of operators as calls: what a shape rule, a reference and a plan are given. */
import { type Dim, divideDims, literalDim, literalOf, type Shape } from '../../src/dims/index.ts';
import type {
  Attribute,
  AttributeValue,
  Example,
  ExampleTensor,
  HostTensor,
  Op,
  RestDim,
  RunCall,
  ShapeCall,
  SliceItem,
  SliceValue,
} from '../../src/ops/index.ts';
import { tensorOf } from './example-values.ts';

export interface Parameter {
  readonly name: string;
  readonly kind: 'tensor' | 'dim' | 'number' | 'string' | 'bool';
  readonly variadic: boolean;
  readonly initial: null | number | string | boolean;
}

/** The parameters of a signature; the language's own parser reads them too, here a pattern is enough. */
export function parametersOf(op: Op): readonly Parameter[] {
  const header = op.signature.slice(
    op.signature.indexOf('(') + 1,
    op.signature.lastIndexOf(') ->'),
  );
  return header
    .split(/,(?![^[]*\])/)
    .filter((text) => text.trim() !== '')
    .map((text) => {
      const match = /^\s*(\.\.\.)?(\w+): ((?:int)?\[.*?\]|\w+)\??(?: = (.+))?$/.exec(text);
      if (match === null) throw new SyntaxError(`${op.name}: ${text}`);
      const [, dots, name = '', type = '', initial] = match;
      return {
        name,
        kind: type.endsWith(']') ? 'tensor' : (type as Parameter['kind']),
        variadic: dots !== undefined,
        initial: initial === undefined || initial === 'none' ? null : JSON.parse(initial),
      };
    });
}

type Tensors = Readonly<Record<string, readonly HostTensor[]>>;

export function tensorsOf(op: Op, example: Example): Tensors {
  const parameters = parametersOf(op);
  return Object.fromEntries(
    Object.entries(example.inputs).map(([name, given]) => {
      const variadic = parameters.find((parameter) => parameter.name === name)?.variadic;
      const parts = variadic ? (given as readonly ExampleTensor[]) : [given as ExampleTensor];
      return [name, parts.map(tensorOf)];
    }),
  );
}

function attributesOf(op: Op, example: Example): Readonly<Record<string, AttributeValue>> {
  const defaults = parametersOf(op)
    .filter(({ kind }) => kind !== 'tensor')
    .map(({ name, initial }) => [name, initial]);
  return { ...Object.fromEntries(defaults), ...example.attributes };
}

/** The example as it runs. */
export function runCall(op: Op, example: Example, shape: readonly number[]): RunCall<HostTensor> {
  const tensors = tensorsOf(op, example);
  const attributes = attributesOf(op, example);
  const attribute = (name: string) => attributes[name] ?? null;
  return {
    all: (name) => tensors[name] ?? [],
    optional: (name) => tensors[name]?.[0],
    input: (name) => tensors[name]?.[0] ?? absent(name),
    attribute,
    number: (name) => expectType(attribute(name), 'number') as number,
    text: (name) => expectType(attribute(name), 'string') as string,
    rest: example.rest ?? [],
    shape,
    output: example.output,
  };
}

/** What a rule reported. */
export class RuleFailure extends Error {
  readonly kind: string;

  constructor(kind: string, message: string) {
    super(message);
    this.kind = kind;
  }
}

export interface ShapeExample {
  readonly shapes: Readonly<Record<string, readonly Shape[]>>;
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly rest?: readonly RestDim<Dim>[];
  readonly output?: string;
}

/** The shape that an operator's rule gives, or its signature where it has none (the tests' operators keep x's then). */
export function ruleShape(op: Op, example: ShapeExample): Shape {
  const call = shapeCall(op, example);
  if (op.shape !== undefined) return op.shape(call);
  const own = Object.values(example.shapes)[0]?.[0];
  if (own !== undefined) return own;
  const declared = op.signature.slice(op.signature.lastIndexOf('[') + 1, -1).split(', ');
  return { lead: false, axes: declared.map((name) => call.dim(name)) };
}

/** The numeric shape of an example's result. */
export function exampleShape(op: Op, example: Example): readonly number[] {
  const shapes = Object.fromEntries(
    Object.entries(tensorsOf(op, example)).map(([name, parts]) => [
      name,
      parts.map(({ shape }): Shape => ({ lead: false, axes: shape.map(literalDim) })),
    ]),
  );
  const attributes = Object.fromEntries(
    Object.entries(attributesOf(op, example)).map(([name, value]) => [name, checked(value)]),
  );
  const rest = (example.rest ?? []).map(({ name, value }) => ({ name, value: literalDim(value) }));
  const { output } = example;
  const result = ruleShape(op, {
    shapes,
    attributes,
    rest,
    ...(output === undefined ? {} : { output }),
  });
  return result.axes.map((axis) => literalOf(axis) ?? Number.NaN);
}

function shapeCall(
  op: Op,
  { shapes, attributes = {}, rest = [], output }: ShapeExample,
): ShapeCall {
  const defaults = new Map(parametersOf(op).map(({ name, initial }) => [name, initial]));
  const attribute = (name: string): Attribute => attributes[name] ?? defaults.get(name) ?? null;
  const all = (name: string) => shapes[name] ?? [];
  const dim = (name: string): Dim => {
    const value = attribute(name);
    if (typeof value === 'number') return literalDim(value);
    return value as Dim;
  };
  const fail: ShapeCall['fail'] = ({ kind, message }) => {
    throw new RuleFailure(kind, message);
  };
  const axisOf = (place: Parameters<ShapeCall['agree']>[0]) =>
    all(place.operand)[place.part ?? 0]?.axes.at(place.axis) as Dim;
  return {
    input: (name) => all(name)[0] ?? absent(name),
    optional: (name) => all(name)[0],
    all,
    attribute: (name) => (name in attributes ? (attributes[name] ?? null) : attribute(name)),
    integer: (name) => literalOf(dim(name)) ?? fail({ kind: 'argument', message: name }),
    text: (name) => expectType(attribute(name), 'string') as string,
    dim,
    rest,
    output,
    agree: (a, b) => {
      const [left, right] = [axisOf(a), axisOf(b)];
      const [first, second] = [literalOf(left), literalOf(right)];
      if (first === second) return left;
      return fail({ kind: 'axis', message: `${first} is not ${second}.` });
    },
    within: (bound, limit, what) => {
      const [value, most] = [literalOf(bound), literalOf(limit)];
      if (value !== undefined && most !== undefined && value > most) {
        fail({ kind: 'axis', message: `${what} is ${value}, beyond ${most}.` });
      }
    },
    same: (a, b, what, other) => {
      const [value, wanted] = [literalOf(a), literalOf(b)];
      if (value !== undefined && wanted !== undefined && value !== wanted) {
        fail({ kind: 'axis', message: `${what} is ${value}, where ${other} has ${wanted}.` });
      }
    },
    divide: (a, b, what) => {
      const quotient = divideDims(a, b);
      if (
        quotient !== undefined &&
        (literalOf(a) === undefined || literalOf(quotient) !== undefined)
      )
        return quotient;
      return fail({ kind: 'argument', message: `${what} does not divide.` });
    },
    fail,
  };
}

function checked(value: AttributeValue): Attribute {
  return typeof value === 'object' && value !== null ? value.map(checkedItem) : value;
}

function checkedItem(item: SliceValue): SliceItem {
  switch (item.kind) {
    case 'range':
      return { kind: 'range', start: literalDim(item.start), stop: literalDim(item.stop) };
    case 'at':
      return { kind: 'at', index: literalDim(item.index) };
    case 'new axis':
      return item;
  }
}

function expectType(value: Attribute | AttributeValue, type: 'number' | 'string'): unknown {
  if (typeof value === type) return value;
  throw new TypeError(`${String(value)} is not a ${type}.`);
}

function absent(name: string): never {
  throw new RangeError(`There is no operand ${name}.`);
}
