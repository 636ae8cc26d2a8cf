/** What comes next in the text, as far as it decides where a statement or a declaration begins. */
import type { RawToken } from './scanner.ts';
import { isDeclarationWord, isStatementWord, type Region, regionAfter } from './words.ts';

type Raw = readonly RawToken[];

/** Whether a declaration begins at `at`: what cannot be anything else there, so that it ends whatever is still open. */
export function beginsDeclaration(raw: Raw, at: number, region: Region): boolean {
  const word = raw[at];
  const second = raw[at + 1];
  const third = raw[at + 2]?.text;
  if (word?.kind !== 'word' || !isDeclarationWord(word.text) || second === undefined) {
    return false;
  }
  switch (regionAfter(word.text)) {
    case 'import':
      return second.text === '{';
    case 'dims':
      return second.text === '{' && region !== 'run';
    case 'mapping':
      return second.kind === 'word' && third === '=';
    case 'run':
      return second.kind === 'word' && (third === 'for' || third === '[');
    default:
      return second.kind === 'word' && third === (word.text === 'block' ? '(' : '{');
  }
}

/** Whether a statement with a keyword, or a declaration, begins at `at`. */
export function beginsKeywordStatement(raw: Raw, at: number, region: Region): boolean {
  const word = raw[at];
  return (
    word?.kind === 'word' &&
    (beginsDeclaration(raw, at, region) ||
      (isStatementWord(word.text, region) && !isAssigned(raw, at)) ||
      isRunDims(raw, at, region))
  );
}

/** Whether the line at `at` can only be a new statement, although the one before it is not complete. */
export function beginsStatement(
  raw: Raw,
  at: number,
  region: Region,
  open: 'brackets' | 'line',
): boolean {
  if (beginsKeywordStatement(raw, at, region)) {
    return open === 'line' || beginsDeclaration(raw, at, region) || isPlainOperand(raw[at + 1]);
  }
  if (raw[at]?.kind !== 'word' || region === 'file') {
    return false;
  }
  if (region === 'mapping') {
    return lineHasArrow(raw, at);
  }
  let end = at + 1;
  while (raw[end]?.text === ',' && raw[end + 1]?.kind === 'word') {
    end += 2;
  }
  const mark = raw[end]?.text;
  return mark === '=' || mark === '+=' || (mark === ':' && open === 'line' && end === at + 1);
}

/** Whether what follows makes the word at `at` a name, even where a keyword could be. */
export function isAssigned(raw: Raw, at: number): boolean {
  const next = raw[at + 1]?.text;
  return next === '=' || next === '+=' || next === ',' || next === ':';
}

export function isRunDims(raw: Raw, at: number, region: Region): boolean {
  return region === 'run' && raw[at]?.text === 'dims' && raw[at + 1]?.text === '{';
}

/** The first token of the next line that has one. */
export function nextLine(raw: Raw, at: number): number {
  let next = at + 1;
  while (raw[next]?.kind === 'newline') {
    next += 1;
  }
  return next;
}

function isPlainOperand(token: RawToken | undefined): boolean {
  return token !== undefined && token.kind !== 'mark' && token.kind !== 'newline';
}

function lineHasArrow(raw: Raw, at: number): boolean {
  for (let i = at; raw[i] !== undefined && raw[i]?.kind !== 'newline'; i += 1) {
    if (raw[i]?.text === '<-') {
      return true;
    }
  }
  return false;
}
