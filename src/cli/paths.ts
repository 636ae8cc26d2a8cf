/** Paths of a trace as options name them. */
import { nearestName } from '../shapes/index.ts';
import type { Trace } from '../trace/index.ts';
import { WrongUse } from './command-io.ts';

/** The full path behind a path or a bare name. Throws WrongUse. */
export function pathIn(trace: Trace, path: string): string {
  const full = trace.aliases.get(path) ?? path;
  if (trace.tensors.has(full)) return full;
  const known = [...trace.tensors.keys(), ...trace.aliases.keys()];
  const last = path.split('.').at(-1) ?? path;
  const near = nearestName(path, known) ?? known.find((each) => each.endsWith(`.${last}`));
  const hint = near === undefined ? '' : ` Did you mean ${near}?`;
  throw new WrongUse(`${trace.run} has no value ${path}.${hint}`);
}

/**
 * The paths that any of the globs names, in the order of the trace: `*` stands for a part of a path without a dot,
 * `**` for any text; a bare name is its last version. Throws WrongUse for a glob that names nothing.
 */
export function pathsNamed(trace: Trace, globs: readonly string[]): readonly string[] {
  const chosen = new Set<string>();
  for (const glob of globs) {
    const pattern = globPattern(glob);
    const paths = [...trace.tensors.keys()].filter((path) => pattern.test(path));
    const names = [...trace.aliases].filter(([name]) => pattern.test(name));
    if (paths.length + names.length === 0) pathIn(trace, glob);
    for (const path of [...paths, ...names.map(([, path]) => path)]) chosen.add(path);
  }
  return [...trace.tensors.keys()].filter((path) => chosen.has(path));
}

function globPattern(glob: string): RegExp {
  const source = glob
    .replace(/[.+?^$()[\]{}|\\]/g, '\\$&')
    .replace(/\*+/g, (stars) => (stars.length > 1 ? '.*' : '[^.]*'));
  return new RegExp(`^${source}$`);
}
