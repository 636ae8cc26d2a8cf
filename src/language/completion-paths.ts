/** Paths of values: after `expect`, `patch`, in weights mappings, down into blocks, with the numbers of copies. */
import { t } from '@vscode/l10n';
import { formatDim } from '../dims/index.ts';
import type { CheckedBlock, CheckedProgram, DimFacts } from '../shapes/index.ts';
import { numberOf } from '../shapes/index.ts';
import type { Suggestion } from './completion-item.ts';
import { shapeText } from './names-in-scope.ts';
import { followPath, type PathEntry, pathEntries } from './path-entries.ts';

export interface PathPlace {
  readonly program: CheckedProgram;
  readonly target: CheckedBlock;
  readonly facts: DimFacts;
  /** Parts before the cursor. */
  readonly chain: readonly string[];
  /** Where only parameters can be meant. */
  readonly parametersOnly: boolean;
  readonly rank: number;
}

export function pathSuggestions(place: PathPlace): readonly Suggestion[] {
  const roots = pathEntries(place.program, place.target);
  const { next, awaitsIndex } = followPath(roots, place.chain);
  if (awaitsIndex !== undefined) return copySuggestions(awaitsIndex, place);
  return next
    .filter((entry) => !place.parametersOnly || leadsToParameter(entry))
    .map((entry) => entrySuggestion(entry, place));
}

function copySuggestions(
  repeat: PathEntry,
  { facts, rank, parametersOnly }: PathPlace,
): readonly Suggestion[] {
  const { copies } = repeat;
  const count = copies && numberOf(facts, copies);
  const shown = Math.min(count ?? 1, 64);
  const detail = copies === undefined ? '' : t`copy of ${count ?? formatDim(copies)}`;
  const numbers = Array.from(
    { length: shown },
    (_, i): Suggestion => ({
      ...{ label: `${i}`, kind: 'Value', detail, rank: rank + 1 },
    }),
  );
  const every: Suggestion = {
    label: '*',
    kind: 'Operator',
    detail: t`every copy`,
    rank: rank + (parametersOnly ? 0 : 2),
  };
  return [every, ...numbers];
}

function entrySuggestion(
  entry: PathEntry,
  { facts, rank, chain, parametersOnly }: PathPlace,
): Suggestion {
  const { name, kind, type, copies, block, versions } = entry;
  const count = copies && (numberOf(facts, copies) ?? formatDim(copies));
  const details = [
    count === undefined ? shapeText(type) : t`${count} copies`,
    block?.name,
    versions > 1 ? t`${versions} versions` : undefined,
  ];
  const leads = copies !== undefined || (kind === 'call' && parametersOnly);
  // What is at hand goes before what has further parts; weights of the model go last where values are meant.
  const order =
    kind === 'parameter' && !parametersOnly
      ? 3
      : copies !== undefined && chain.length === 0
        ? 0
        : 1;
  return {
    label: name,
    kind: kinds[kind],
    detail: details.filter((detail) => detail !== undefined).join(' · '),
    doc: block?.doc,
    rank: rank + order,
    ...(leads && { snippet: `${name}.`, more: true }),
  };
}

const kinds = {
  parameter: 'Field',
  input: 'Variable',
  value: 'Variable',
  call: 'Class',
  repeat: 'Module',
} as const;

function leadsToParameter(entry: PathEntry, depth = 0): boolean {
  if (entry.kind === 'parameter') return true;
  return depth < 8 && entry.children().some((child) => leadsToParameter(child, depth + 1));
}
