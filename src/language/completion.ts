// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the fields of snippets are written so.
/** Completion: what can stand at the cursor, what is most likely meant first. */
import { t } from '@vscode/l10n';
import type { CompletionList } from 'vscode-languageserver/node.js';
import { targetNamed } from '../analysis/index.ts';
import { opNamed } from '../ops/index.ts';
import { type CheckedBlock, snakeCase } from '../shapes/index.ts';
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
import { pathSuggestions } from './completion-paths.ts';
import { declarations, runStatements, statements } from './completion-snippets.ts';
import { stringSuggestions } from './completion-strings.ts';
import { type Cursor, cursorIn } from './cursor.ts';
import type { Feature } from './feature.ts';
import { resolvePath } from './file-addresses.ts';
import { type Fits, fitsParameter, fitsStatement } from './fitting.ts';
import { type NameInScope, namesInScope, shapeText, unitAt } from './names-in-scope.ts';
import type { OpenProgram } from './program-store.ts';
import { targetOfMapping } from './symbols.ts';

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

/** The cursor in the declaration around it, and where that begins. */
export function cursorAt(
  { analysis }: OpenProgram,
  offset: number,
): { readonly cursor: Cursor; readonly start: number } {
  const piece = analysis.syntax.pieces.findLast(({ start }) => start <= offset);
  const start = piece?.start ?? 0;
  return { cursor: cursorIn(analysis.text.slice(start), offset - start), start };
}

interface Place {
  readonly program: OpenProgram;
  readonly cursor: Cursor;
  readonly names: readonly NameInScope[];
  readonly owner: CheckedBlock | undefined;
  readonly offset: number;
}

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
      return cursor.begins ? [] : dimSuggestions(names, undefined);
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

// ---------------------------------------------------------------- the top of the file

function inFile({ program, cursor, names, owner }: Place): readonly Suggestion[] {
  const { program: checked } = program.analysis;
  if (cursor.bracket === 'shape') return lengths(names);
  if (cursor.bracket === 'parameters') {
    const colon = cursor.statement.at(-1)?.text === ':';
    if (colon) return parameterKinds;
    const isDefault = cursor.statement.at(-1)?.text === '=';
    return isDefault
      ? [...dimSuggestions(names, undefined), ...callees(checked, [], owner?.name, 6)]
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

function subjects({ analysis }: OpenProgram): readonly Suggestion[] {
  const { program } = analysis;
  const models = [...program.models.keys()].map(
    (label): Suggestion => ({ label, kind: 'Class', detail: 'model', rank: 0 }),
  );
  const blocks = [...program.named].flatMap(([label, key]): Suggestion[] => {
    const block = program.blocks.get(key);
    const detail = block?.signature;
    return block === undefined
      ? []
      : [{ label, kind: 'Class', detail, doc: block.doc, rank: block.uri === program.uri ? 1 : 2 }];
  });
  return [...models.reverse(), ...blocks];
}

function lengths(names: readonly NameInScope[]): readonly Suggestion[] {
  return [
    ...dimSuggestions(names, undefined),
    { label: '...', kind: 'Operator', detail: t`any leading axes`, rank: 9 },
  ];
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
  const { program: checked } = program.analysis;
  if (cursor.chain.length > 0) return members(place);
  if (cursor.bracket === 'shape') return lengths(names);
  if (cursor.begins) {
    const returns = owner?.body.some(({ kind }) => kind === 'return') ?? false;
    return [...statements(cursor, names, returns), ...callees(checked, names, owner?.name, 9)];
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
    return [...values(names, fits, 0), ...keys, ...callees(checked, names, owner?.name, 7)];
  }
  const fits = fitsStatement(cursor, names, owner?.result);
  const isWhole = cursor.statement.at(-1)?.text === '=' || cursor.statement.at(-1)?.text === '+=';
  return [
    ...values(names, fits, isWhole ? 2 : 0),
    ...callees(checked, names, owner?.name, isWhole ? 1 : 5),
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
  const used = callee === undefined ? [] : [...text.matchAll(/\bas\s+([\p{L}_][\p{L}\p{N}_]*)/gu)];
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

// ---------------------------------------------------------------- runs and mappings

function inRun(place: Place): readonly Suggestion[] {
  const { program, cursor, names } = place;
  const { program: checked } = program.analysis;
  const run = checked.runs.find(
    ({ extent }) => extent.start <= place.offset && place.offset <= extent.end,
  );
  const target = run && targetNamed(checked, run.target);
  if (cursor.begins) return runStatements(checked, openInputs(target, run?.settings ?? []));
  const first = cursor.statement[0]?.text;
  const last = cursor.statement.at(-1)?.text;
  if (last === 'for') return subjects(program);
  if (cursor.bracket === 'shape') return lengths(names);
  if (first === 'backend') {
    return ['auto', 'gpu', 'cpu'].map((label, rank) => ({ label, kind: 'EnumMember', rank }));
  }
  if (first === 'weights') {
    return [...checked.weights.keys()].map((label) => ({ label, kind: 'Module', rank: 0 }));
  }
  if (first !== 'expect' && first !== 'patch' && first !== 'metric') {
    return last === '=' ? [...sourceSuggestions(0), ...dimSuggestions(names, undefined)] : [];
  }
  const [head, ...others] = cursor.chain;
  const other = checked.runs.find(({ name }) => name === head);
  const paths = pathsOf(program, other ? targetNamed(checked, other.target) : target, {
    chain: other ? others : cursor.chain,
    parametersOnly: false,
    rank: 0,
  });
  if (cursor.chain.length > 0 || (first === 'patch' && last === 'patch')) return paths;
  const isSide = last !== 'expect';
  const runs = checked.runs
    .filter(({ name }) => name !== run?.name)
    .map(
      ({ name }): Suggestion => ({
        ...{ label: name, kind: 'Event', detail: t`a value of another run`, more: true },
        ...{ snippet: `${name}.`, rank: isSide ? 1 : 6 },
      }),
    );
  const self: Suggestion[] =
    first === 'patch' && last === '='
      ? [{ label: 'self', kind: 'Keyword', detail: t`the part that is replaced`, rank: 0 }]
      : [];
  return [
    ...self,
    ...paths,
    ...runs,
    ...callees(checked, [], undefined, 7).filter(({ kind }) => kind === 'Function'),
  ];
}

function openInputs(
  target: CheckedBlock | undefined,
  settings: readonly { readonly name: string }[],
): readonly { readonly name: string; readonly detail: string }[] {
  const given = new Set(settings.map(({ name }) => name));
  const inputs = (target?.body ?? []).flatMap((each) =>
    each.kind === 'input' ? [{ name: each.name, detail: shapeText(each.type) ?? '' }] : [],
  );
  const parameters = (target?.parameters ?? []).map(({ name, type, kind }) => ({
    ...{ name, detail: shapeText(type) ?? kind },
  }));
  return [...inputs, ...parameters].filter(({ name }) => !given.has(name));
}

function inMapping({ program, cursor, offset }: Place): readonly Suggestion[] {
  const { program: checked } = program.analysis;
  if (cursor.statement.some(({ text }) => text === '<-')) {
    return cursor.chain.length > 0 || cursor.statement.at(-1)?.text === '.'
      ? [{ label: 'T', kind: 'Property', detail: 'transposed', rank: 0 }]
      : [
          {
            label: '""',
            kind: 'Text',
            detail: t`a tensor of the file`,
            snippet: '"$1"$0',
            rank: 0,
            more: true,
          },
        ];
  }
  const mapping = [...checked.weights.values()].findLast(({ source }) => source.start <= offset);
  const target = mapping && targetOfMapping(checked, mapping.name);
  return pathsOf(program, target, { chain: cursor.chain, parametersOnly: true, rank: 0 });
}

function pathsOf(
  { analysis }: OpenProgram,
  target: CheckedBlock | undefined,
  place: {
    readonly chain: readonly string[];
    readonly parametersOnly: boolean;
    readonly rank: number;
  },
): readonly Suggestion[] {
  if (target === undefined) return [];
  return pathSuggestions({ program: analysis.program, target, facts: analysis.dimFacts, ...place });
}
