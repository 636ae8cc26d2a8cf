/** Everything there is to say of a program without running it: what the checks found, and what the lints find. */
import type { Diagnostic } from '../shapes/index.ts';
import type { Analysis } from './analysis.ts';
import { applyIgnores } from './ignores.ts';
import { lint } from './lints/index.ts';
import { type Machine, oversizedRuns } from './machine.ts';

const known = new WeakMap<Analysis, readonly Diagnostic[]>();

/**
 * In the order of the text; worked out when first asked, so that what only checks stays light.
 * @param machine what runs must fit into, where that is to be said
 */
export function findingsOf(analysis: Analysis, machine?: Machine): readonly Diagnostic[] {
  const before = known.get(analysis);
  if (before !== undefined) return before;
  const { uri, text, diagnostics } = analysis;
  const large = machine === undefined ? [] : oversizedRuns(analysis, machine);
  const found = applyIgnores(uri, text, [...diagnostics, ...large, ...lint(analysis)]);
  const sorted = [...found].sort((a, b) => a.source.start - b.source.start);
  known.set(analysis, sorted);
  return sorted;
}
