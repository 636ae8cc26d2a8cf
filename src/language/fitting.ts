/** Which of the names in scope fit what a place expects. */
import { type Dim, localSymbol, sameDim, sameShape } from '../dims/index.ts';
import {
  type BlockParameter,
  DiagnosticList,
  emptyBinding,
  type OpSignature,
  type TensorType,
  tensorFits,
} from '../shapes/index.ts';
import type { Cursor } from './cursor.ts';
import type { NameInScope } from './names-in-scope.ts';
import type { OpenProgram } from './program-store.ts';

export type Fits = (type: TensorType) => boolean;

/** What can be called, as far as its arguments go. */
export interface Callable {
  readonly name: string;
  readonly parameters: readonly BlockParameter[];
  readonly generics: ReadonlySet<string>;
}

export function callableOf(name: string, { parameters, generics }: OpSignature): Callable {
  return { name, parameters: [...parameters.values()], generics };
}

export function blockCallable(block: {
  readonly name: string;
  readonly key: string;
  readonly parameters: readonly BlockParameter[];
  readonly generics: readonly string[];
}): Callable {
  const generics = new Set(block.generics.map((name) => localSymbol(block.key, name)));
  return { name: block.name, parameters: block.parameters, generics };
}

/** The parameter that the argument at the cursor is for. */
export function parameterAt(
  { parameters }: Callable,
  call: NonNullable<Cursor['call']>,
): BlockParameter | undefined {
  if (call.name !== undefined) return parameters.find(({ name }) => name === call.name);
  const named = new Set(call.given.flatMap(({ name }) => name ?? []));
  const positional = call.given.filter(({ name }) => name === undefined).length;
  const open = parameters.filter(({ name }) => !named.has(name));
  return open[positional] ?? (parameters.at(-1)?.variadic ? parameters.at(-1) : undefined);
}

/** What fits a tensor parameter, after the arguments before have bound what is generic. */
export function fitsParameter(
  program: OpenProgram,
  callable: Callable,
  call: NonNullable<Cursor['call']>,
  names: readonly NameInScope[],
): Fits | undefined {
  const parameter = parameterAt(callable, call);
  const wanted = parameter?.type;
  if (wanted === undefined) return undefined;
  const fits = (type: TensorType, as: TensorType, binding: ReturnType<typeof emptyBinding>) =>
    tensorFits(operand(type), as, binding, callable.generics, {
      facts: program.analysis.dimFacts,
      diagnostics: new DiagnosticList(),
      originOf: () => undefined,
      mode: 'symbolic',
    });
  const bound = () => {
    const binding = emptyBinding();
    call.given.forEach(({ name, value }, i) => {
      const type = names.find((candidate) => candidate.name === value)?.type;
      const declared =
        name === undefined
          ? callable.parameters[i]
          : callable.parameters.find((candidate) => candidate.name === name);
      if (type !== undefined && declared?.type !== undefined) fits(type, declared.type, binding);
    });
    return binding;
  };
  return (type) => wanted.dtype === type.dtype && fits(type, wanted, bound());
}

function operand(type: TensorType) {
  const source = { uri: '', start: 0, end: 0 };
  return { name: '', type, source, label: '', origin: undefined };
}

/** What the tokens before the cursor ask for: the other side of an operator, the stream of a write. */
export function fitsStatement(
  { statement }: Cursor,
  names: readonly NameInScope[],
  result: TensorType | undefined,
): Fits | undefined {
  const [before, operator] = [statement.at(-2), statement.at(-1)];
  const typeOf = (name: string | undefined) =>
    names.find((candidate) => candidate.name === name)?.type;
  const left = before?.text === 'T' ? undefined : typeOf(before?.text);
  if (operator?.text === '@' && left !== undefined) return (type) => multiplies(left, type);
  if (operator?.text === 'return' && result !== undefined) return (type) => same(type, result);
  const sum = operator !== undefined && /^(?:[-+*/]|\+=)$/.test(operator.text);
  return sum && left !== undefined ? (type) => same(type, left) : undefined;
}

function same(a: TensorType, b: TensorType): boolean {
  return sameShape(a.shape, b.shape);
}

function multiplies(left: TensorType, right: TensorType): boolean {
  const inner: Dim | undefined = left.shape.axes.at(-1);
  const { axes } = right.shape;
  const row = axes.length > 1 ? axes.at(-2) : axes.at(-1);
  return inner !== undefined && row !== undefined && sameDim(inner, row);
}
