/** What a run gives to the inputs of its target, and the dims that this decides. */
import { t } from '@vscode/l10n';
import { formatShape, sameDim, symbolDim } from '../dims/index.ts';
import {
  type CheckedBlock,
  type CheckedProgram,
  type CheckedRun,
  type CodeName,
  type DiagnosticList,
  type DimFacts,
  dimFacts,
  type Expression,
  type InitialValue,
  numberOf,
  type TensorType,
} from '../shapes/index.ts';
import type { SourceRange } from '../trace/index.ts';
import type { GivenInput } from './build.ts';
import type { Initial } from './graph.ts';
import { numberIn } from './operators.ts';

export interface RunInputs {
  readonly facts: DimFacts;
  readonly inputs: ReadonlyMap<string, GivenInput>;
  /** Inputs whose file nobody has looked into: their lengths are not known. */
  readonly unread: boolean;
  /** What the tokens of the first input of token ids read as, where the run has a tokenizer. */
  readonly tokens: readonly string[] | undefined;
  /** How many runs a batch makes; undefined where there is none. */
  readonly batch: number | undefined;
}

/** What the files of a run hold; undefined where it is not known (or cannot be read: reported by who reads). */
export interface RunFiles {
  readonly shapeOf: ShapeOfFile;
  readonly tokensOf: TokensOf;
}

/** The shape of a tensor in a file. */
export type ShapeOfFile = (
  file: string,
  tensor: string | undefined,
) => readonly number[] | undefined;

/** A text as a tokenizer's tokens, or what token ids read as. */
export type TokensOf = (
  tokenizer: string,
  given: string | readonly number[],
) => { readonly ids: readonly number[]; readonly texts: readonly string[] } | undefined;

export function runInputs(
  program: CheckedProgram,
  target: CheckedBlock,
  run: CheckedRun | undefined,
  files: RunFiles,
  diagnostics: DiagnosticList,
  item = 0,
): RunInputs {
  const overrides = new Map([...(run?.dims ?? [])].map(([name, { value }]) => [name, value]));
  const declared = tensorsOf(target);
  const base = withVariables(dimFacts(program, overrides), run);
  const inputs = new Map<string, GivenInput>();
  let tokens: readonly string[] | undefined;
  let batch: number | undefined;
  for (const setting of run?.settings ?? []) {
    const { name, value } = setting;
    const type = declared.get(name);
    if (type === undefined) continue;
    const several = setting.batch;
    const own = several?.[Math.min(item, several.length - 1)] ?? value;
    const written = initialOfSetting(own, type, { run, facts: base, diagnostics });
    if (written === undefined) continue;
    // Rows of unequal lengths, and no values of a batch.
    const isRow = written.kind === 'literal' && written.shape.length < type.shape.axes.length;
    if (several !== undefined && isRow) {
      const message = t`A literal is a list of numbers, or of lists that are all of one shape.`;
      diagnostics.report('argument', listOf(several), message);
      continue;
    }
    const part = several === undefined ? partOf(written, type, item, files) : undefined;
    const count = several?.length ?? part?.count;
    if (batch !== undefined && count !== undefined && count !== batch) {
      const message = t`A batch has as many values for each input: here ${count}, and ${batch} before.`;
      diagnostics.report('argumentKind', value.source, message);
    }
    batch ??= count;
    const { initial, texts } = tokenized(part?.initial ?? written, type, run, files.tokensOf);
    tokens ??= texts;
    inputs.set(name, { initial, shape: shapeOf(initial, files.shapeOf) });
  }
  const values = new Map(base.values);
  for (const [name, { shape }] of inputs) {
    const type = declared.get(name);
    if (type !== undefined && shape !== undefined) bindFree(type, shape, base, values);
  }
  const facts = { ...base, values };
  for (const { name, value } of run?.settings ?? []) {
    const [given, type] = [inputs.get(name), declared.get(name)];
    if (given === undefined || type === undefined) continue;
    const misfit = misfitOf(name, given, type, facts);
    if (misfit === undefined) continue;
    diagnostics.report(misfit.code, value.source, misfit.message);
    inputs.delete(name);
  }
  const unread = [...inputs.values()].some(
    ({ initial, shape }) =>
      initial.kind === 'text' || (initial.kind === 'file' && shape === undefined),
  );
  return { facts, inputs, unread, tokens, batch };
}

/** With what the variables of a family are in its settings. */
function withVariables(facts: DimFacts, run: CheckedRun | undefined): DimFacts {
  if (run === undefined || run.family.length === 0) return facts;
  const values = new Map(facts.values);
  for (const { symbol, start } of run.family) {
    const value = run.at?.get(symbol) ?? numberOf(facts, start);
    if (value !== undefined) values.set(symbol, value);
  }
  return { ...facts, values };
}

/** The place of a list by those of its elements. */
function listOf(elements: readonly Expression[]): SourceRange {
  const [first, last] = [elements[0], elements.at(-1)];
  if (first === undefined || last === undefined) throw new Error('A batch has values.');
  return { ...first.source, end: last.source.end };
}

/** One of several values that lie along an axis in front of those that are declared. */
function partOf(
  initial: Initial,
  { shape: declared }: TensorType,
  item: number,
  { shapeOf: shapeOfFile }: RunFiles,
): { readonly initial: Initial; readonly count: number } | undefined {
  const shape = shapeOf(initial, shapeOfFile);
  const [count, ...rest] = shape ?? [];
  if (count === undefined || declared.lead || rest.length !== declared.axes.length)
    return undefined;
  if (initial.kind === 'file') return { count, initial: { ...initial, part: item } };
  if (initial.kind !== 'literal' || count === 0) return undefined;
  const size = initial.data.length / count;
  const data = initial.data.slice(item * size, (item + 1) * size);
  return { count, initial: { kind: 'literal', shape: rest, data } };
}

/** Text as the ids of its tokens, and what the tokens of an input of ids read as. */
function tokenized(
  initial: Initial,
  { dtype, shape }: TensorType,
  run: CheckedRun | undefined,
  tokensOf: TokensOf,
): { readonly initial: Initial; readonly texts?: readonly string[] } {
  const tokenizer = run?.tokenizer?.file;
  if (tokenizer === undefined || dtype !== 'int') return { initial };
  if (initial.kind === 'text') {
    const found = tokensOf(tokenizer, initial.text);
    if (found === undefined) return { initial };
    const { ids, texts } = found;
    const rows = shape.axes.slice(1).map(() => 1);
    const data = Float64Array.from(ids);
    return { initial: { kind: 'literal', shape: [...rows, ids.length], data }, texts };
  }
  if (initial.kind !== 'literal' || initial.shape.length !== 1) return { initial };
  const texts = tokensOf(tokenizer, [...initial.data])?.texts;
  return texts === undefined ? { initial } : { initial, texts };
}

/** Data of another shape, or fractions for whole numbers. Generics and leading axes take any length. */
function misfitOf(
  name: string,
  { initial, shape }: GivenInput,
  type: TensorType,
  facts: DimFacts,
): { readonly code: CodeName; readonly message: string } | undefined {
  const fraction =
    type.dtype === 'int' && initial.kind === 'literal'
      ? initial.data.find((value) => !Number.isInteger(value))
      : undefined;
  if (fraction !== undefined) {
    return {
      code: 'argumentKind',
      message: t`${name} takes whole numbers, and ${fraction} is none.`,
    };
  }
  if (shape === undefined) return undefined;
  const { axes, lead } = type.shape;
  const lengths = axes.map((axis) => numberOf(facts, axis));
  const offset = shape.length - axes.length;
  const fits =
    (lead ? offset >= 0 : offset === 0) &&
    lengths.every((length, i) => length === undefined || length === shape[offset + i]);
  if (fits) return undefined;
  const numeric = lengths.every((length) => length !== undefined)
    ? ` = [${lengths.join(', ')}]`
    : '';
  const declared = formatShape(type.shape);
  const wanted = numeric === ` = ${declared}` || lead ? declared : `${declared}${numeric}`;
  return {
    code: shape.length === axes.length ? 'shapeMismatchNow' : 'rank',
    message: t`${name} is declared as ${wanted}, but this is [${shape.join(', ')}].`,
  };
}

/** Declared types of the inputs of a model, or the tensor parameters of a block. */
function tensorsOf(target: CheckedBlock): ReadonlyMap<string, TensorType> {
  const types = new Map<string, TensorType>();
  for (const { name, type } of target.parameters) if (type !== undefined) types.set(name, type);
  for (const statement of target.body) {
    if (statement.kind === 'input') types.set(statement.name, statement.type);
  }
  return types;
}

/** An axis that is one free dim has the length of the data. */
function bindFree(
  { shape }: TensorType,
  lengths: readonly number[],
  facts: DimFacts,
  values: Map<string, number>,
): void {
  const offset = lengths.length - shape.axes.length;
  shape.axes.forEach((axis, i) => {
    const [term] = axis.numerator;
    const symbol = term?.factors[0]?.symbol;
    const length = lengths[offset + i];
    if (symbol === undefined || length === undefined || values.has(symbol)) return;
    if (facts.definitions.has(symbol) || !sameDim(axis, symbolDim(symbol))) return;
    values.set(symbol, length);
  });
}

function shapeOf(initial: Initial, shapeOfFile: ShapeOfFile): readonly number[] | undefined {
  switch (initial.kind) {
    case 'literal':
      return initial.shape.length === 0 ? undefined : initial.shape;
    case 'file':
      return shapeOfFile(initial.file, initial.tensor)?.slice(initial.part === undefined ? 0 : 1);
    case 'source':
    case 'run':
    case 'text':
      return undefined;
  }
}

/** What a setting is read with. */
interface SettingReader {
  readonly run: CheckedRun | undefined;
  readonly facts: DimFacts;
  readonly diagnostics: DiagnosticList;
}

function initialOfSetting(
  value: Expression,
  type: TensorType,
  reader: SettingReader,
): Initial | undefined {
  const { run, diagnostics } = reader;
  switch (value.kind) {
    case 'literal': {
      const { shape, data } = value.literal;
      return { kind: 'literal', shape, data: Float64Array.from(data) };
    }
    case 'number':
      return { kind: 'literal', shape: [], data: Float64Array.of(value.value) };
    case 'static': {
      if (typeof value.value !== 'string') break;
      if (/\.(npy|npz|safetensors)$/.test(value.value)) {
        return { kind: 'file', file: value.value, tensor: undefined };
      }
      if (type.dtype !== 'int') {
        const message = t`Text becomes token ids, and this input takes other numbers.`;
        diagnostics.report('argumentKind', value.source, message);
        return undefined;
      }
      if (run?.tokenizer === undefined) {
        const message = t`Text becomes tokens through a tokenizer: add tokenizer = "tokenizer.json", or write token ids, [464, 2068].`;
        diagnostics.report('setting', value.source, message);
      }
      return { kind: 'text', text: value.value };
    }
    case 'source':
      return constantInitial(value.initial, reader);
    default:
      break;
  }
  if (value.kind !== 'broken') {
    const message = t`An input is a list of numbers, a number, a source such as normal(seed: 1), or a file.`;
    diagnostics.report('argumentKind', value.source, message);
  }
  return undefined;
}

/** In a run the arguments of a source are numbers, dims and the family's variables. */
function constantInitial(
  initial: InitialValue,
  { facts, diagnostics }: SettingReader,
): Initial | undefined {
  switch (initial.kind) {
    case 'literal':
      return {
        kind: 'literal',
        shape: initial.literal.shape,
        data: Float64Array.from(initial.literal.data),
      };
    case 'file':
      return { kind: 'file', file: initial.file, tensor: initial.tensor };
    case 'source': {
      const values = new Map<string, number>();
      for (const [name, argument] of initial.arguments) {
        if (argument.kind === 'static' && argument.value === null) continue;
        const number = numberIn(argument, facts);
        if (number !== undefined) values.set(name, number);
        else if (argument.kind === 'broken') return undefined;
        else {
          const message = t`${name} of ${initial.source.name} is a number in a run, or made of dims that have a value.`;
          diagnostics.report('argumentKind', argument.source, message);
          return undefined;
        }
      }
      return { kind: 'source', source: initial.source, arguments: Object.fromEntries(values) };
    }
    case 'broken':
      return undefined;
  }
}
