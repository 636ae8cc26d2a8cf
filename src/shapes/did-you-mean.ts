/** Suggestions for unknown names. */
import { t } from '@vscode/l10n';
import type { CodeName } from './catalog.ts';
import type { DiagnosticList, SourceRange } from './diagnostic.ts';

/** Reports an unknown name; the nearest known one is in the message and is the quick fix. */
export function reportUnknown(
  diagnostics: DiagnosticList,
  code: CodeName,
  source: SourceRange,
  message: string,
  unknown: {
    readonly name: string;
    readonly known: Iterable<string>;
    /** Where the name stands, if not all of `source`. */
    readonly place?: SourceRange;
  },
): void {
  const nearest = nearestName(unknown.name, unknown.known);
  if (nearest === undefined) {
    diagnostics.report(code, source, message);
    return;
  }
  const edits = [{ source: unknown.place ?? source, text: nearest }];
  diagnostics.report(code, source, `${message} ${t`Did you mean ${nearest}?`}`, {
    fixes: [{ title: t`Change to ${nearest}`, edits }],
  });
}

/** `a, b or c` of the names that may be meant. */
export function anyOf(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : t`${names.slice(0, -1).join(', ')} or ${last}`;
}

/** The known name with the fewest edits: at most half of its letters, never more than three; case counts for none. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = (name.length < 3 ? 0 : Math.min(3, Math.floor(name.length / 2))) + 1;
  for (const candidate of known) {
    if (candidate === name) continue;
    const distance =
      candidate.toLowerCase() === name.toLowerCase() ? 0 : editDistance(name, candidate, least);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** Levenshtein's distance, or `limit` where it is at least that. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return Math.min(limit, row[b.length] ?? limit);
}
