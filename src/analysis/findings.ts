/** Everything there is to say of a program without running it: what the checks found, and what the lints find. */
import type { Diagnostic } from '../shapes/index.ts';
import type { Analysis } from './analysis.ts';
import { applyIgnores } from './ignores.ts';
import { lint } from './lints/index.ts';
import { type Machine, whatDoesNotFit } from './machine.ts';

/** For the machine that was asked about last. */
const known = new WeakMap<
  Analysis,
  { readonly machine: Machine | undefined; readonly found: readonly Diagnostic[] }
>();

/**
 * In the order of the text; worked out when first asked, so that what only checks stays light.
 * @param machine what runs must fit into, where that is to be said
 */
export function findingsOf(analysis: Analysis, machine?: Machine): readonly Diagnostic[] {
  const before = known.get(analysis);
  if (before?.machine === machine && before !== undefined) return before.found;
  const { uri, text, diagnostics } = analysis;
  const large = machine === undefined ? [] : whatDoesNotFit(analysis, machine);
  const found = applyIgnores(uri, text, [...diagnostics, ...large, ...lint(analysis)]);
  const sorted = [...found].sort((a, b) => a.source.start - b.source.start);
  known.set(analysis, { machine, found: sorted });
  return sorted;
}
