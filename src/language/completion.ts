// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the fields of snippets are written so.
/** Completion: what can stand at the cursor, what is most likely meant first. */
import { t } from '@vscode/l10n';
import type { CompletionList } from 'vscode-languageserver/node.js';
import { opNamed } from '../ops/index.ts';
import { snakeCase } from '../shapes/index.ts';
import { rangeOf } from '../syntax/index.ts';
import {
  argumentValues,
  callableNamed,
  callees,
  dimSuggestions,
  namedArguments,
  sourceSuggestions,
} from './completion-calls.ts';
import { completionItems, type Suggestion } from './completion-item.ts';
import { cursorAt, lengths, type Place, subjects } from './completion-place.ts';
import { inMapping, inRun } from './completion-runs.ts';
import { declarations, statements } from './completion-snippets.ts';
import { stringSuggestions } from './completion-strings.ts';
import type { Cursor } from './cursor.ts';
import type { Feature } from './feature.ts';
import { resolvePath } from './file-addresses.ts';
import { type Fits, fitsParameter, fitsStatement } from './fitting.ts';
import { type NameInScope, namesInScope, unitAt } from './names-in-scope.ts';
import type { OpenProgram } from './program-store.ts';

export const completion: Feature = {
  name: 'completion',
  capabilities: { completionProvider: { triggerCharacters: ['.', '"', '/', '@', '#'] } },
  attach: ({ connection, programs, guarded }) =>
    connection.onCompletion(
      guarded('completion', null, ({ textDocument, position }): CompletionList | null => {
        const program = programs.program(textDocument.uri);
        if (program === undefined) return null;
        const offset = program.lines.offsetAt(position);
        const { cursor, start } = cursorAt(program, offset);
        const items = completionItems(program, suggestionsAt(program, cursor, start), {
          start: start + cursor.start,
          end: offset,
        });
        return { isIncomplete: false, items };
      }),
    ),
};

function suggestionsAt(program: OpenProgram, cursor: Cursor, start: number): readonly Suggestion[] {
  if (cursor.inComment) return [];
  const offset = start + cursor.offset;
  if (cursor.string !== undefined) return stringSuggestions(program, cursor, offset);
  if (/^[0-9]/.test(cursor.prefix)) return [];
  const unit = unitAt(program, offset);
  const before = start + (cursor.statement[0]?.start ?? cursor.start);
  const names = namesInScope(program, unit, before);
  const place: Place = { program, cursor, names, owner: unit?.block, offset };
  switch (cursor.region) {
    case 'file':
      return inFile(place);
    case 'dims':
      return cursor.begins ? [] : dimSuggestions(otherDims(cursor, names), undefined);
    case 'body':
      return inBody(place);
    case 'run':
      return inRun(place);
    case 'mapping':
      return inMapping(place);
    case 'import':
      return inImport(place);
  }
}

/** A dim is not its own length. */
function otherDims({ statement }: Cursor, names: readonly NameInScope[]): readonly NameInScope[] {
  const equals = statement.findLastIndex(({ text }) => text === '=');
  const own = statement[equals - 1]?.text;
  return names.filter(({ name }) => name !== own);
}

// ---------------------------------------------------------------- the top of the file

function inFile({ program, cursor, names, owner }: Place): readonly Suggestion[] {
  const { program: checked } = program.analysis;
  if (cursor.bracket === 'shape') return lengths(names);
  if (cursor.bracket === 'parameters') {
    const colon = cursor.statement.at(-1)?.text === ':';
    if (colon) return parameterKinds;
    const isDefault = cursor.statement.at(-1)?.text === '=';
    return isDefault
      ? [...dimSuggestions(names, undefined), ...callees(program.analysis, [], owner?.name, 6)]
      : [];
  }
  if (cursor.begins) return declarations(checked);
  const last = cursor.statement.at(-1)?.text;
  if (last === 'for') return subjects(program);
  if (last === '}' || cursor.statement[0]?.text === 'import') {
    return [{ label: 'from', kind: 'Keyword', snippet: 'from "./$1"$0', rank: 0, more: true }];
  }
  return [];
}

const parameterKinds: readonly Suggestion[] = [
  { label: '[]', kind: 'Struct', detail: t`a tensor`, snippet: '[${1:N}, ${2:d}]$0', rank: 0 },
  {
    label: 'int[]',
    kind: 'Struct',
    detail: t`a tensor of integers`,
    snippet: 'int[${1:N}]$0',
    rank: 1,
  },
  { label: 'dim', kind: 'Keyword', detail: t`a length`, rank: 2 },
  { label: 'bool', kind: 'Keyword', detail: t`a static switch`, rank: 3 },
  { label: 'number', kind: 'Keyword', detail: t`a static number`, rank: 4 },
  {
    label: 'fn',
    kind: 'Keyword',
    detail: t`an elementwise operator or a block of one tensor`,
    rank: 5,
  },
  { label: 'string', kind: 'Keyword', detail: t`a static text`, rank: 6 },
];

/** What the files that are imported have, and the import does not take yet. */
function inImport({ program: { analysis }, offset }: Place): readonly Suggestion[] {
  const node = analysis.syntax.program.declarations.findLast(
    (each) => each.$type === 'Import' && rangeOf(each).start <= offset,
  );
  if (node?.$type !== 'Import') return [];
  const used = new Set(node.items.map(({ name }) => name));
  const other = analysis.files.get(resolvePath(analysis.uri, node.file))?.program;
  if (other === undefined) return [];
  return [...other.blocks.values(), ...other.models.values()]
    .filter(({ uri, name }) => uri === other.uri && !used.has(name))
    .map(({ name, signature, doc }) => ({
      ...{ label: name, kind: 'Class', detail: signature, doc, rank: 0 },
    }));
}

// ---------------------------------------------------------------- bodies

function inBody(place: Place): readonly Suggestion[] {
  const { program, cursor, names, owner } = place;
  if (cursor.chain.length > 0) return members(place);
  if (cursor.bracket === 'shape') return lengths(names);
  if (cursor.begins) {
    const returns = owner?.body.some(({ kind }) => kind === 'return') ?? false;
    return [
      ...statements(cursor, names, returns),
      ...callees(program.analysis, names, owner?.name, 9),
    ];
  }
  const last = cursor.statement.at(-1)?.text;
  const first = cursor.statement[0]?.text;
  if (last === 'as') return labels(place);
  if (last === ':' && cursor.call === undefined) return parameterKinds.slice(0, 2);
  if (first === 'repeat') {
    return cursor.statement.length === 1
      ? dimSuggestions(names, 'L')
      : [
          { label: 'as', kind: 'Keyword', rank: 0, more: true },
          { label: 'shared', kind: 'Keyword', rank: 1 },
        ];
  }
  if (first === 'param' || first === 'input') return last === '=' ? sourceSuggestions(0) : [];
  if (endsOperand(last))
    return [{ label: 'as', kind: 'Keyword', detail: 'label', rank: 0, more: true }];
  return expression(place);
}

function endsOperand(text: string | undefined): boolean {
  return text === ')';
}

/** Values that fit first, then the dims, then what can be called. */
function expression({ program, cursor, names, owner }: Place): readonly Suggestion[] {
  const { program: checked } = program.analysis;
  const { call } = cursor;
  const callable = call && callableNamed(checked, call.callee);
  if (call !== undefined && callable !== undefined && cursor.bracket === 'call') {
    const fixed = argumentValues(checked, callable, call, names);
    const fits = fitsParameter(program, callable, call, names);
    const begins = /^[(,]$/.test(cursor.statement.at(-1)?.text ?? '');
    const keys = begins ? namedArguments(callable, call, fixed === undefined ? 5 : 0) : [];
    // An argument that is no tensor is written with its name.
    if (fixed !== undefined)
      return [...keys, ...fixed.map((each) => ({ ...each, rank: each.rank + 3 }))];
    return [
      ...values(names, fits, 0),
      ...keys,
      ...callees(program.analysis, names, owner?.name, 7),
    ];
  }
  const fits = fitsStatement(cursor, names, owner?.result);
  // What is added to the stream is never the stream itself.
  const written =
    cursor.statement.at(-1)?.text === '+=' ? cursor.statement.at(-2)?.text : undefined;
  const isWhole = cursor.statement.at(-1)?.text === '=' || cursor.statement.at(-1)?.text === '+=';
  return [
    ...values(
      names.filter(({ name }) => name !== written),
      fits,
      isWhole ? 2 : 0,
    ),
    ...callees(program.analysis, names, owner?.name, isWhole ? 1 : 5),
    ...constants,
  ];
}

const constants: readonly Suggestion[] = ['true', 'false', 'none', 'inf'].map((label) => ({
  ...{ label, kind: 'Constant', rank: 12 },
}));

function values(
  names: readonly NameInScope[],
  fits: Fits | undefined,
  rank: number,
): readonly Suggestion[] {
  return names.map(({ name, kind, type, detail, doc }) => {
    const isFit = fits === undefined || (type !== undefined && fits(type));
    const isDim = kind === 'dim';
    return {
      ...{ label: name, kind: isDim ? 'Constant' : kind === 'parameter' ? 'Field' : 'Variable' },
      ...{ detail, doc, rank: rank + (isDim ? 4 : isFit ? 0 : 3) },
    };
  });
}

/** After a point: the transpose, and the further results of an operator. */
function members({ cursor, owner }: Place): readonly Suggestion[] {
  const [name] = cursor.chain;
  const made = owner?.body.findLast(
    (statement) =>
      statement.kind === 'assign' && statement.targets.some((target) => target.name === name),
  );
  const op =
    made?.kind === 'assign' && made.value.kind === 'apply'
      ? opNamed(made.value.op.name)
      : undefined;
  const outputs = op?.outputs !== undefined && !('count' in op.outputs) ? op.outputs : [];
  return [
    // The first is what the bare name stands for.
    ...outputs.map(
      (label, i): Suggestion => ({
        ...{ label, kind: 'Property', detail: t`of ${op?.name ?? ''}` },
        rank: i === 0 ? 2 : 0,
      }),
    ),
    { label: 'T', kind: 'Property', detail: t`the last two axes swapped`, rank: 1 },
  ];
}

/** Labels that this file gives to calls of the same block, then the block's own name. */
function labels({ program, cursor }: Place): readonly Suggestion[] {
  if (cursor.statement[0]?.text === 'repeat') {
    return ['blocks', 'layers'].map((label, rank) => ({ label, kind: 'Reference', rank }));
  }
  const callee = calleeBefore(cursor);
  const { text } = program.analysis;
  const used =
    callee === undefined ? [] : [...text.matchAll(/\bas[ \t]+([\p{L}_][\p{L}\p{N}_]*)/gu)];
  const own = callee === undefined ? [] : [snakeCase(callee)];
  return [
    ...own.map((label): Suggestion => ({ label, kind: 'Reference', detail: 'label', rank: 1 })),
    ...used.map(
      ([, label = '']): Suggestion => ({ label, kind: 'Reference', detail: 'label', rank: 2 }),
    ),
  ].filter(({ label }) => label !== cursor.prefix);
}

function calleeBefore({ statement }: Cursor): string | undefined {
  let depth = 0;
  for (let at = statement.length - 2; at >= 0; at -= 1) {
    const text = statement[at]?.text;
    if (text === ')') depth += 1;
    if (text === '(') depth -= 1;
    if (depth === 0)
      return statement[at - 1]?.kind === 'word' ? statement[at - 1]?.text : undefined;
  }
  return undefined;
}
