// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the fields of snippets are written so.
/** Completion in runs and in weights mappings. */
import { t } from '@vscode/l10n';
import { targetNamed } from '../analysis/index.ts';
import type { CheckedBlock } from '../shapes/index.ts';
import { callees, dimSuggestions, sourceSuggestions } from './completion-calls.ts';
import type { Suggestion } from './completion-item.ts';
import { pathSuggestions } from './completion-paths.ts';
import { lengths, type Place, subjects } from './completion-place.ts';
import { runStatements } from './completion-snippets.ts';
import { shapeText } from './names-in-scope.ts';
import type { OpenProgram } from './program-store.ts';
import { targetOfMapping } from './symbols.ts';

export function inRun(place: Place): readonly Suggestion[] {
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
    ...callees(program.analysis, [], undefined, 7).filter(({ kind }) => kind === 'Function'),
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

export function inMapping({ program, cursor, offset }: Place): readonly Suggestion[] {
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
  return pathSuggestions({ analysis, target, ...place });
}
