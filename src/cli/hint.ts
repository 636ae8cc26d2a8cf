/** Suggestions for what was misspelt on the command line. */
import { nearestName } from '../shapes/index.ts';

/** ` Did you mean --format?`, or nothing where no name is near. */
export function hintFor(name: string, known: Iterable<string>, prefix = ''): string {
  const nearest = nearestName(name, known);
  return nearest === undefined ? '' : ` Did you mean ${prefix}${nearest}?`;
}
