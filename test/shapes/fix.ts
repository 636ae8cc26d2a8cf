/** Quick fixes as texts before and after: the cursor `‸` stands on the diagnostic, which is gone afterwards. */
import { expect } from 'vitest';
import { analyze, findingsOf } from '../../src/analysis/index.ts';
import type { Diagnostic, Fix } from '../../src/shapes/index.ts';
import { noFiles } from './check.ts';

const uri = 'file:///test.tblock';

/** Applies the fix of that title, of the diagnostic with that code under the cursor. */
export function checkFix(code: string, title: string, before: string, after: string): void {
  const cursor = before.indexOf('‸');
  const text = before.replace('‸', '');
  const found = findings(text).filter(
    (each) => each.code === code && each.source.start <= cursor && cursor <= each.source.end,
  );
  expect(found.map((each) => each.code)).toEqual([code]);
  const fixes = found.flatMap((each) => each.fixes);
  const fix = fixes.find((each) => each.title === title);
  expect(fix === undefined ? fixes.map((each) => each.title) : title).toBe(title);
  const changed = applied(text, fix);
  expect(changed).toBe(after);
  // It is gone, and nothing is worse than before.
  expect(findings(changed).filter((each) => each.code === code)).toEqual([]);
  const errors = (of: string) => findings(of).filter(({ severity }) => severity === 'error').length;
  expect(errors(changed)).toBeLessThanOrEqual(errors(text));
}

/** The titles that are offered under the cursor. */
export function fixTitles(marked: string): readonly string[] {
  const cursor = marked.indexOf('‸');
  return findings(marked.replace('‸', ''))
    .filter(({ source }) => source.start <= cursor && cursor <= source.end)
    .flatMap(({ fixes }) => fixes.map(({ title }) => title));
}

function findings(text: string): readonly Diagnostic[] {
  return findingsOf(analyze(uri, text, noFiles));
}

function applied(text: string, fix: Fix | undefined): string {
  const edits = [...(fix?.edits ?? [])].sort((a, b) => b.source.start - a.source.start);
  return edits.reduce(
    (changed, { source, text: added }) =>
      changed.slice(0, source.start) + added + changed.slice(source.end),
    text,
  );
}
