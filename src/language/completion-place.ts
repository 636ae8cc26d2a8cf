/** Where completion is asked for, and what several places have in common. */
import { t } from '@vscode/l10n';
import type { CheckedBlock } from '../shapes/index.ts';
import { dimSuggestions } from './completion-calls.ts';
import type { Suggestion } from './completion-item.ts';
import { type Cursor, cursorIn } from './cursor.ts';
import type { NameInScope } from './names-in-scope.ts';
import type { OpenProgram } from './program-store.ts';

/** The cursor in the declaration around it, and where that begins. */
export function cursorAt(
  { analysis }: OpenProgram,
  offset: number,
): { readonly cursor: Cursor; readonly start: number } {
  const piece = analysis.syntax.pieces.findLast(({ start }) => start <= offset);
  const start = piece?.start ?? 0;
  return { cursor: cursorIn(analysis.text.slice(start), offset - start), start };
}

export interface Place {
  readonly program: OpenProgram;
  readonly cursor: Cursor;
  readonly names: readonly NameInScope[];
  readonly owner: CheckedBlock | undefined;
  readonly offset: number;
}

/** What a run can be for. */
export function subjects({ analysis }: OpenProgram): readonly Suggestion[] {
  const { program } = analysis;
  const models = [...program.models.keys()].map(
    (label): Suggestion => ({ label, kind: 'Class', detail: 'model', rank: 0 }),
  );
  const blocks = [...program.named].flatMap(([label, key]): Suggestion[] => {
    const block = program.blocks.get(key);
    const detail = block?.signature;
    return block === undefined
      ? []
      : [{ label, kind: 'Class', detail, doc: block.doc, rank: block.uri === program.uri ? 1 : 2 }];
  });
  return [...models.reverse(), ...blocks];
}

/** What an axis can be. */
export function lengths(names: readonly NameInScope[]): readonly Suggestion[] {
  return [
    ...dimSuggestions(names, undefined),
    { label: '...', kind: 'Operator', detail: t`any leading axes`, rank: 9 },
  ];
}
