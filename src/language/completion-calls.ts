/** Calls: what can be called, and what an open call takes next. */
import { t } from '@vscode/l10n';
import type { Analysis } from '../analysis/index.ts';
import { type Op, opNamed, ops, type Source, sourceNamed, sources } from '../ops/index.ts';
import {
  type BlockParameter,
  type CheckedBlock,
  type CheckedProgram,
  signatureOf,
} from '../shapes/index.ts';
import { literal, type Suggestion } from './completion-item.ts';
import type { Cursor } from './cursor.ts';
import { blockCallable, type Callable, callableOf, parameterAt } from './fitting.ts';
import { type NameInScope, shapeText } from './names-in-scope.ts';

export function callableNamed(program: CheckedProgram, name: string): Callable | undefined {
  const block = program.blocks.get(program.named.get(name) ?? '');
  if (block !== undefined) return blockCallable(block);
  const record = opNamed(name) ?? sourceNamed(name);
  return record && callableOf(name, signatureOf(record));
}

/** Blocks of the file, then of the library, then operators; `owner` cannot call itself. */
export function callees(
  { program, text }: Pick<Analysis, 'program' | 'text'>,
  names: readonly NameInScope[],
  owner: string | undefined,
  rank: number,
): readonly Suggestion[] {
  const around: Surroundings = { names, lengthFor: lengthsIn(text, names) };
  const own: Suggestion[] = [];
  const library: Suggestion[] = [];
  for (const [name, key] of program.named) {
    const block = program.blocks.get(key);
    if (block === undefined || name === owner) continue;
    const isOwn = block.uri === program.uri;
    (isOwn ? own : library).push(blockSuggestion(name, block, around, rank + (isOwn ? 0 : 1)));
  }
  const operators = ops
    .filter(({ notation }) => notation === undefined)
    .map((op) => operatorSuggestion(op, around, rank + 2));
  return [...own, ...library, ...operators];
}

export function sourceSuggestions(rank: number): readonly Suggestion[] {
  const around: Surroundings = { names: [], lengthFor: () => undefined };
  return sources.map((source) => operatorSuggestion(source, around, rank));
}

function blockSuggestion(
  name: string,
  block: CheckedBlock,
  around: Surroundings,
  rank: number,
): Suggestion {
  return {
    ...{ label: name, kind: 'Class', detail: shortSignature(block), rank },
    call: {
      takes: takenBy(block.parameters),
      gives: block.result && shapeText(block.result),
    },
    doc: [block.doc && t(block.doc), `\`\`\`tblock\n${block.signature}\n\`\`\``]
      .filter(Boolean)
      .join('\n\n'),
    snippet: callSnippet(name, block.parameters, around),
  };
}

function operatorSuggestion(
  { name, signature, doc }: Op | Source,
  around: Surroundings,
  rank: number,
): Suggestion {
  const record = opNamed(name) ?? sourceNamed(name);
  const parameters = record ? [...signatureOf(record).parameters.values()] : [];
  return {
    ...{ label: name, kind: 'Function', detail: signature, doc, rank },
    call: { takes: takenBy(parameters), gives: signature.split(' -> ')[1] },
    snippet: callSnippet(name, parameters, around),
  };
}

/** `(x, heads, …)`: what a call must give, and whether it may give more. */
function takenBy(parameters: readonly BlockParameter[]): string {
  const needed = parameters.filter(isNeeded).map(({ name }) => name);
  return `(${[...needed, ...(needed.length < parameters.length ? ['…'] : [])].join(', ')})`;
}

function isNeeded({ optional, initial, variadic }: BlockParameter): boolean {
  return variadic || (!optional && initial === undefined);
}

/** `MultiHeadAttention(x: [..., N, n], heads: dim, …) -> [..., N, n]`: what a call must give. */
export function shortSignature({ name, parameters, signature, result }: CheckedBlock): string {
  const parts = parametersIn(inOneLine(signature));
  const needed = parameters.filter(isNeeded);
  const texts = parts.filter((part) => needed.some((each) => each.name === part.name));
  const more = parameters.length > needed.length ? ['…'] : [];
  const written = [...texts.map(({ text }) => text), ...more].join(', ');
  const to = result === undefined ? '' : ` -> ${shapeText(result)}`;
  return `${name}(${written})${to}`;
}

export interface WrittenParameter {
  readonly name: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Where each parameter stands in a signature of one line. */
export function parametersIn(label: string): readonly WrittenParameter[] {
  const parts: WrittenParameter[] = [];
  let depth = 0;
  let start = label.indexOf('(') + 1;
  for (let at = start - 1; at < label.length; at += 1) {
    const letter = label[at] ?? '';
    if (/[([]/.test(letter)) depth += 1;
    if (/[)\]]/.test(letter)) depth -= 1;
    const ends = (letter === ',' && depth === 1) || depth === 0;
    if (!ends) continue;
    const text = label.slice(start, at).trim();
    const name = /^(?:\.\.\.)?([\p{L}_][\p{L}\p{N}_]*)/u.exec(text)?.[1];
    const first = start + label.slice(start, at).search(/\S|$/);
    if (name !== undefined) parts.push({ name, text, start: first, end: at });
    start = at + 1;
    if (depth === 0) break;
  }
  return parts;
}

/** A header that is written over several lines. */
export function inOneLine(signature: string): string {
  return signature.replace(/\s+/g, ' ').replace(/\( /g, '(').replace(/,? \)/g, ')');
}

/** What a call needs: tensors by position, everything else by name. */
function callSnippet(
  name: string,
  parameters: readonly BlockParameter[],
  around: Surroundings,
): string {
  let field = 0;
  const needed = parameters.filter(isNeeded).map((parameter) => {
    field += 1;
    const value = `\${${field}:${literal(likely(parameter, around))}}`;
    const isPositional = parameter.kind === 'tensor' || parameter.variadic || field <= 2;
    return isPositional && parameter.kind !== 'dim' ? value : `${parameter.name}: ${value}`;
  });
  return needed.length === 0 && parameters.length > 0
    ? `${name}(\${0})`
    : `${name}(${needed.join(', ')})\${0}`;
}

/** What the arguments of a call can be. */
interface Surroundings {
  readonly names: readonly NameInScope[];
  readonly lengthFor: (parameter: string) => string | undefined;
}

/** The value that an argument most likely is. */
function likely({ name, kind, type }: BlockParameter, { names, lengthFor }: Surroundings): string {
  if (kind === 'dim') return lengthFor(name) ?? name;
  if (kind !== 'tensor') return name;
  const values = names.filter((each) => each.kind !== 'dim' && each.type?.dtype === type?.dtype);
  return (values.find((each) => each.kind !== 'parameter') ?? values[0])?.name ?? name;
}

/** For a length: the dim of that name, what another call in the file gives for it, or the dim that waits to be used. */
function lengthsIn(
  text: string,
  names: readonly NameInScope[],
): (parameter: string) => string | undefined {
  const dims = new Set(names.flatMap(({ name, kind }) => (kind === 'dim' ? [name] : [])));
  const given = new Map<string, string>();
  const words = new Map<string, number>();
  // One way through the text for all calls that are offered.
  for (const [, name = '', value = ''] of text.matchAll(wordAndValue)) {
    if (dims.has(value)) given.set(name, value);
    if (dims.has(name)) words.set(name, (words.get(name) ?? 0) + 1);
  }
  return (parameter) =>
    dims.has(parameter)
      ? parameter
      : (given.get(parameter) ?? [...dims].findLast((name) => words.get(name) === 1));
}

/** A word, and where it is the name of an argument, the word behind it, which is looked at again by itself. */
const wordAndValue = /([\p{L}_][\p{L}\p{N}_]*'*)(?:(?=: *([\p{L}_][\p{L}\p{N}_]*'*))|)/gu;

/** Arguments that an open call can still take by name; those that it needs first. */
export function namedArguments(
  callable: Callable,
  call: NonNullable<Cursor['call']>,
  rank: number,
): readonly Suggestion[] {
  if (call.name !== undefined) return [];
  const used = new Set(call.given.flatMap(({ name }) => name ?? []));
  const positional = call.given.filter(({ name }) => name === undefined).length;
  return callable.parameters
    .filter(({ name, variadic }, i) => i >= positional && !used.has(name) && !variadic)
    .map((parameter) => {
      const needed = !parameter.optional && parameter.initial === undefined;
      return {
        ...{ label: `${parameter.name}:`, kind: 'Field', more: true },
        detail: parameterText(parameter),
        snippet: `${parameter.name}: `,
        rank: rank + (needed ? 0 : 1),
      };
    });
}

function parameterText({ kind, optional, initial }: BlockParameter): string {
  const value =
    initial?.kind === 'static' || initial?.kind === 'number' ? ` = ${initialText(initial)}` : '';
  return `${kind}${optional ? '?' : ''}${value}`;
}

function initialText(initial: { readonly value: unknown }): string {
  if (initial.value === null) return 'none';
  return typeof initial.value === 'string' ? `"${initial.value}"` : `${initial.value}`;
}

/** Values for an argument that is no tensor. */
export function argumentValues(
  program: CheckedProgram,
  callable: Callable,
  call: NonNullable<Cursor['call']>,
  names: readonly NameInScope[],
): readonly Suggestion[] | undefined {
  const parameter = parameterAt(callable, call);
  if (parameter === undefined) return undefined;
  const none: Suggestion[] = parameter.optional
    ? [{ label: 'none', kind: 'Constant', rank: 8 }]
    : [];
  switch (parameter.kind) {
    case 'bool': {
      const isTrue = parameter.initial?.kind === 'static' && parameter.initial.value === true;
      // Who writes a switch wants what is not the default.
      const [first, second] = isTrue ? ['false', 'true'] : ['true', 'false'];
      const switches = names.filter(({ kind, type }) => kind === 'argument' && type === undefined);
      return [
        ...switches
          .filter(({ name }) => name === parameter.name)
          .map(
            ({ name, detail }): Suggestion => ({ label: name, kind: 'Variable', detail, rank: 0 }),
          ),
        { label: first ?? '', kind: 'Keyword', rank: 1 },
        { label: second ?? '', kind: 'Keyword', rank: 2 },
      ];
    }
    case 'dim':
      return [...dimSuggestions(names, parameter.name), ...none];
    case 'fn':
      return [...functions(program), ...none];
    case 'number':
      return [...dimSuggestions(names, parameter.name), ...none];
    case 'string':
      return [];
    case 'tensor':
      return undefined;
  }
}

/** Dims, the one of the same name first. */
export function dimSuggestions(
  names: readonly NameInScope[],
  wanted: string | undefined,
): readonly Suggestion[] {
  return names
    .filter(({ kind }) => kind === 'dim')
    .map(({ name, detail, doc, recency }) => ({
      ...{ label: name, kind: 'Constant', detail, doc },
      rank: name === wanted ? 0 : nearness(name, wanted) - recency,
    }));
}

function nearness(name: string, wanted: string | undefined): number {
  const shared = wanted !== undefined && (name.includes(wanted) || wanted.includes(name));
  return shared ? 2 : 4;
}

/** Elementwise operators and blocks of one tensor. */
function functions(program: CheckedProgram): readonly Suggestion[] {
  const elementwise = ops.filter(
    (op) => op.notation === undefined && signatureOf(op).parameters.size === 1,
  );
  const blocks = [...program.named].flatMap(([name, key]) => {
    const block = program.blocks.get(key);
    const [first, ...more] = block?.parameters ?? [];
    const isFunction = first?.kind === 'tensor' && more.length === 0 && block?.uri === program.uri;
    return isFunction ? [{ name, doc: block?.doc, detail: block?.signature }] : [];
  });
  return [
    ...blocks.map(
      ({ name, doc, detail }): Suggestion => ({ label: name, kind: 'Class', detail, doc, rank: 3 }),
    ),
    ...elementwise.map(
      ({ name, doc, signature, role }): Suggestion => ({
        ...{ label: name, kind: 'Function', detail: signature, doc },
        rank: role === undefined ? 2 : 4,
      }),
    ),
  ];
}
