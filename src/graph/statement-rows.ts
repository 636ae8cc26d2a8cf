/** One row per statement of the text: shape, verdict, and where in the trace its values are. */
import { formatShape } from '../dims/index.ts';
import { numberOf } from '../shapes/index.ts';
import type { StatementRow, Verdict } from '../trace/index.ts';
import type { Unfinished } from './finish.ts';
import type { BuildLog, StatementNote } from './frame.ts';

export function statementRows({
  log,
  check,
  textOf,
  program,
}: Unfinished): readonly StatementRow[] {
  const bySource = new Map<string, StatementNote[]>();
  for (const note of (log satisfies BuildLog).statements) {
    const key = `${note.source.uri}@${note.source.start}`;
    bySource.set(key, [...(bySource.get(key) ?? []), note]);
  }
  const rows = [...bySource.values()].flatMap((notes) => {
    const [first] = notes;
    if (first === undefined) return [];
    const [draft] = first.drafts;
    const shape = draft?.type.shape;
    const lengths = shape?.axes.map((axis) => numberOf(check.facts, axis));
    const known = lengths?.filter((length) => length !== undefined);
    const [text = ''] = textOf(first.source).split('\n');
    const row: StatementRow = {
      source: first.source,
      text: text.trim(),
      owner: first.owner,
      depth: first.depth,
      symbolic: shape === undefined ? '' : formatShape(shape),
      numeric: known !== undefined && known.length === lengths?.length ? known : undefined,
      verdict: (shape === undefined ? 'error' : 'equal') satisfies Verdict,
      message: undefined,
      paths: notes.flatMap(({ drafts }) => drafts.flatMap((made) => made.path ?? [])),
    };
    return [row];
  });
  return rows.sort((a, b) => rank(a) - rank(b) || a.source.start - b.source.start);

  /** The program's own statements first, then those of its imports and of the standard library. */
  function rank({ source }: StatementRow): number {
    return source.uri === program ? 0 : source.uri.startsWith('tblock:') ? 2 : 1;
  }
}
