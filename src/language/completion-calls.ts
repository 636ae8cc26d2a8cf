/** Calls: what can be called, and what an open call takes next. */
import { t } from '@vscode/l10n';
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
  program: CheckedProgram,
  names: readonly NameInScope[],
  owner: string | undefined,
  rank: number,
): readonly Suggestion[] {
  const own: Suggestion[] = [];
  const library: Suggestion[] = [];
  for (const [name, key] of program.named) {
    const block = program.blocks.get(key);
    if (block === undefined || name === owner) continue;
    const isOwn = block.uri === program.uri;
    (isOwn ? own : library).push(blockSuggestion(name, block, names, rank + (isOwn ? 0 : 1)));
  }
  const operators = ops
    .filter(({ notation }) => notation === undefined)
    .map((op) => operatorSuggestion(op, names, rank + 2));
  return [...own, ...library, ...operators];
}

export function sourceSuggestions(rank: number): readonly Suggestion[] {
  return sources.map((source) => ({ ...operatorSuggestion(source, [], rank), kind: 'Function' }));
}

function blockSuggestion(
  name: string,
  block: CheckedBlock,
  names: readonly NameInScope[],
  rank: number,
): Suggestion {
  return {
    ...{ label: name, kind: 'Class', detail: shortSignature(block), rank },
    doc: [block.doc && t(block.doc), `\`\`\`tblock\n${block.signature}\n\`\`\``]
      .filter(Boolean)
      .join('\n\n'),
    snippet: callSnippet(name, block.parameters, names),
  };
}

function operatorSuggestion(
  { name, signature, doc }: Op | Source,
  names: readonly NameInScope[],
  rank: number,
): Suggestion {
  const record = opNamed(name) ?? sourceNamed(name);
  const parameters = record ? [...signatureOf(record).parameters.values()] : [];
  return {
    ...{ label: name, kind: 'Function', detail: signature, doc, rank },
    snippet: callSnippet(name, parameters, names),
  };
}

/** `MultiHeadAttention(x: [..., N, n], heads: dim, …) -> [..., N, n]`: what a call must give. */
export function shortSignature({ name, parameters, signature, result }: CheckedBlock): string {
  const parts = parametersIn(inOneLine(signature));
  const needed = parameters.filter((each) => !each.optional && each.initial === undefined);
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
  names: readonly NameInScope[],
): string {
  let field = 0;
  const needed = parameters
    .filter(({ optional, initial, variadic }) => variadic || (!optional && initial === undefined))
    .map((parameter) => {
      field += 1;
      const value = `\${${field}:${literal(likely(parameter, names))}}`;
      const isPositional = parameter.kind === 'tensor' || parameter.variadic || field <= 2;
      return isPositional && parameter.kind !== 'dim' ? value : `${parameter.name}: ${value}`;
    });
  return needed.length === 0 && parameters.length > 0
    ? `${name}(\${0})`
    : `${name}(${needed.join(', ')})\${0}`;
}

/** The value that an argument most likely is. */
function likely(parameter: BlockParameter, names: readonly NameInScope[]): string {
  if (parameter.kind === 'tensor') {
    const dtype = parameter.type?.dtype;
    const values = names.filter(({ kind, type }) => kind !== 'dim' && type?.dtype === dtype);
    return (values.find(({ kind }) => kind !== 'parameter') ?? values[0])?.name ?? parameter.name;
  }
  return parameter.name;
}

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
