/** What refactorings have in common: where the cursor is, and edits by offsets. */
import type { CheckedUnit } from '../shapes/index.ts';
import { rangeOf, type Statement, type TextChange, type TextRange } from '../syntax/index.ts';
import { unitAt } from './names-in-scope.ts';
import type { Occurrence } from './occurrences.ts';
import type { OpenProgram } from './program-store.ts';
import { type FileSymbols, fileSymbolsOf } from './symbols.ts';

/** A change that a user can ask for. */
export interface Refactoring {
  readonly title: string;
  readonly kind: 'refactor.extract' | 'refactor.inline' | 'refactor.rewrite';
  readonly edits: readonly TextChange[];
}

/** The selection, and what it is in. */
export interface Selected extends TextRange {
  readonly program: OpenProgram;
  readonly text: string;
  readonly unit: CheckedUnit;
  readonly file: FileSymbols;
  /** The names of the declaration. */
  readonly names: readonly Occurrence[];
}

export function selectedIn(program: OpenProgram, range: TextRange): Selected | undefined {
  const unit = unitAt(program, range.start);
  if (unit === undefined || unit.extent.end < range.end) return undefined;
  const file = fileSymbolsOf(program.analysis);
  const names = file.occurrences.filter(({ owner }) => owner === unit.node);
  return { ...range, program, text: program.analysis.text, unit, file, names };
}

/** A statement with those beside it. */
export interface PlacedStatement {
  readonly statement: Statement;
  readonly siblings: readonly Statement[];
}

/** The innermost statement at an offset. */
export function statementAt(
  statements: readonly Statement[],
  offset: number,
): PlacedStatement | undefined {
  for (const statement of statements) {
    const { start, end } = rangeOf(statement);
    if (offset < start || offset > end) continue;
    const inner =
      statement.$type === 'Repeat'
        ? [statement.statements]
        : statement.$type === 'If'
          ? [statement.consequent, statement.otherwise]
          : [];
    for (const body of inner) {
      const found = statementAt(body, offset);
      if (found !== undefined) return found;
    }
    return { statement, siblings: statements };
  }
  return undefined;
}

/** The blanks at the beginning of the line of an offset. */
export function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? '';
}

export function isWithin(inner: TextRange, outer: TextRange): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** Occurrences that stand for values of the declaration: what may be moved and renamed with it. */
export function isValueName({ kind }: Occurrence): boolean {
  return kind === 'value' || kind === 'argument' || kind === 'parameter' || kind === 'input';
}

/** A name that nothing in the declaration has. */
export function freeName(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  let count = 2;
  while (taken.has(`${wanted}_${count}`)) count += 1;
  return `${wanted}_${count}`;
}
