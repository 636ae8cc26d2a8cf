/** Paths of values: after `expect`, `patch`, in weights mappings, down into blocks, with the numbers of copies. */
import { t } from '@vscode/l10n';
import { type Analysis, sketchOf } from '../analysis/index.ts';
import { formatDim } from '../dims/index.ts';
import { type CheckedBlock, numberOf } from '../shapes/index.ts';
import type { Suggestion } from './completion-item.ts';
import { shapeText } from './names-in-scope.ts';
import { followPath, type PathEntry, pathEntries } from './path-entries.ts';

export interface PathPlace {
  readonly analysis: Analysis;
  readonly target: CheckedBlock;
  /** Parts before the cursor. */
  readonly chain: readonly string[];
  /** Where only parameters can be meant. */
  readonly parametersOnly: boolean;
  readonly rank: number;
}

export function pathSuggestions(place: PathPlace): readonly Suggestion[] {
  const { analysis, target, chain } = place;
  const roots = pathEntries(analysis.program, target);
  const { next, awaitsIndex } = followPath(roots, chain);
  if (awaitsIndex !== undefined) return copySuggestions(awaitsIndex, place);
  const shapes = shapesByPath(analysis, target);
  return next
    .filter((entry) => !place.parametersOnly || leadsToParameter(entry))
    .map((entry) => ({ entry, path: oneCopy([...chain, entry.name].join('.')) }))
    .filter(({ path }) => shapes === undefined || shapes.has(path))
    .map(({ entry, path }) => entrySuggestion(entry, shapes?.get(path), place));
}

/**
 * What there is when the model is built, with its axes where it is a value: a switch decides what a block has. Copies
 * of a repeat count as one. Undefined where the model cannot be laid out.
 */
function shapesByPath(
  analysis: Analysis,
  target: CheckedBlock,
): ReadonlyMap<string, string | undefined> | undefined {
  // Lengths that only a run gives do not decide what there is.
  const graph = analysis.graphOf(target.name) ?? sketchOf(analysis, target)?.graph;
  if (graph === undefined) return undefined;
  const shapes = new Map<string, string | undefined>();
  for (const [path, id] of graph.values) {
    const parts = oneCopy(path).split('.');
    for (let length = 1; length < parts.length; length += 1) {
      const prefix = parts.slice(0, length).join('.');
      if (!shapes.has(prefix)) shapes.set(prefix, undefined);
    }
    shapes.set(parts.join('.'), `[${graph.nodes[id]?.axes.join(', ')}]`);
  }
  return shapes;
}

/** A path without versions, the first copy in place of every other. */
function oneCopy(path: string): string {
  return path.replace(/#\d+/g, '').replace(/\.(?:\d+|\*|\[[^\]]*\])(?=\.|$)/g, '.0');
}

function copySuggestions(
  repeat: PathEntry,
  { analysis, rank, parametersOnly }: PathPlace,
): readonly Suggestion[] {
  const { copies } = repeat;
  const count = copies && numberOf(analysis.dimFacts, copies);
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
  shape: string | undefined,
  { analysis, rank, chain, parametersOnly }: PathPlace,
): Suggestion {
  const { name, kind, type, copies, block, versions } = entry;
  const count = copies && (numberOf(analysis.dimFacts, copies) ?? formatDim(copies));
  const details = [
    count === undefined ? (shape ?? shapeText(type)) : t`${count} copies`,
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
