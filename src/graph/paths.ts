/** Paths as users write them: bare names for last versions, `*` for every copy. */
import { t } from '@vscode/l10n';
import { anyOf, nearestName } from '../shapes/index.ts';
import type { Draft } from './draft.ts';
import type { PathTable } from './scope.ts';

/** Every value that a path stands for; several where it has `*`. */
export function findPath(paths: PathTable, path: string): readonly Draft[] {
  if (!path.includes('*')) return [paths.find(path) ?? []].flat();
  const pattern = pathPattern(path);
  const matches = [...paths.values.keys(), ...paths.aliases.keys()].filter((known) =>
    pattern.test(known),
  );
  return [...new Set(matches.flatMap((known) => paths.find(known) ?? []))];
}

/** `*` stands for one part of a path. */
export function pathPattern(path: string): RegExp {
  const parts = path.split('*').map((part) => part.replace(/[.#[\]()+?^$|\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('([^.]+)')}$`);
}

/** What stands at the end of a message about an unknown path, and the paths that may be meant. */
export interface PathSuggestion {
  readonly text: string;
  readonly meant: readonly string[];
}

/** ` Did you mean blocks.0.attn.pattern?`, or the names that begin where the path still holds. */
export function suggestPath(paths: PathTable, path: string): PathSuggestion {
  const known = [...paths.values.keys(), ...paths.aliases.keys()];
  const near = nearestName(path, known);
  const last = path.split('.').at(-1) ?? path;
  const same = known.filter((candidate) => candidate === last || candidate.endsWith(`.${last}`));
  const meant = near === undefined ? same.slice(0, 3) : [near];
  if (meant.length > 0) return { text: ` ${t`Did you mean ${anyOf(meant)}?`}`, meant };
  const top = known.filter((candidate) => !candidate.includes('.')).slice(0, 6);
  const text = top.length === 0 ? '' : ` ${t`At the top there are ${top.join(', ')}.`}`;
  return { text, meant: [] };
}
