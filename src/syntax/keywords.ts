/** Which keyword a word is, where it stands. */
import type { RawToken } from './scanner.ts';
import {
  endsOperand,
  isConstantWord,
  isDeclarationWord,
  isKindWord,
  isStatementWord,
  type Region,
} from './words.ts';

export interface WordPlace {
  readonly text: string;
  /** Whether `=`, `+=`, `,` or `:` follows. */
  readonly assigned: boolean;
  /** The token before it. */
  readonly last: string;
  /** What follows in the text. */
  readonly next: RawToken | undefined;
  readonly region: Region;
  /** The innermost bracket around it. */
  readonly bracket: 'parameters' | '(' | '[' | undefined;
  /** The keyword that began the statement. */
  readonly statement: string | undefined;
  /** What the braces that were closed last held. */
  readonly closed: Region | undefined;
}

/** At the beginning of a statement. */
export function openingKeyword({ text, region, assigned, next }: WordPlace): string | undefined {
  if (region === 'file' && isDeclarationWord(text)) {
    return text;
  }
  if (region === 'dims') {
    return text === 'where' && next?.text !== '=' ? text : undefined;
  }
  const dims = region === 'run' && text === 'dims' && next?.text === '{';
  const known = isStatementWord(text, region) || (region === 'body' && text === 'else');
  return dims || (known && !assigned) ? text : undefined;
}

/** Anywhere else. */
export function innerKeyword(place: WordPlace): string | undefined {
  const { text, last, next } = place;
  if (last === ':' || last === '->') {
    return typeKeyword(place) ?? valueKeyword(place);
  }
  if (next?.text === ':') {
    return undefined;
  }
  if (text === 'if' && last === 'else') {
    return text;
  }
  if (text === 'shared') {
    return next?.text === '{' && last !== 'repeat' ? text : undefined;
  }
  return endsOperand(last) || last === '}' || last === '*'
    ? infixKeyword(place)
    : valueKeyword(place);
}

function infixKeyword({
  text,
  last,
  bracket,
  statement,
  region,
  closed,
}: WordPlace): string | undefined {
  switch (text) {
    case 'and':
    case 'or':
    case 'as':
      return text;
    case 'for':
      return bracket === undefined && statement === 'run' && region === 'file' ? text : undefined;
    case 'within':
      return bracket === undefined && statement === 'expect' ? text : undefined;
    case 'from':
      return last === '}' && closed === 'import' ? text : undefined;
    default:
      return last === '*' ? constantKeyword(text) : undefined;
  }
}

function valueKeyword({ text, next }: WordPlace): string | undefined {
  if (text === 'not') {
    const operand =
      next !== undefined &&
      next.kind !== 'newline' &&
      (next.kind !== 'mark' || /^[([-]$/.test(next.text));
    return operand ? text : undefined;
  }
  return constantKeyword(text);
}

function constantKeyword(text: string): string | undefined {
  if (!isConstantWord(text)) {
    return undefined;
  }
  return text === 'inf' ? 'FLOAT' : text;
}

/** Kinds are keywords in a block's parameters, `int` wherever a type stands. */
function typeKeyword({ text, bracket, next }: WordPlace): string | undefined {
  if (isKindWord(text)) {
    return bracket === 'parameters' ? text : undefined;
  }
  const typed = text === 'int' && next?.text === '[';
  return typed && (bracket === 'parameters' || bracket === undefined) ? text : undefined;
}
