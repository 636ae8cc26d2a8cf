/** How many spaces stand between two tokens of a line, whatever its author wrote. */

/** A token where it is formatted. */
export interface PlacedToken {
  /** A terminal's name, the keyword itself, or the kind of a comment. */
  readonly type: string;
  readonly text: string;
  readonly start: number;
  /** The bracket around it and what that is for. */
  readonly bracket: Bracket | undefined;
  /** The first token of the statement. */
  readonly opener: string;
}

export type Bracket = 'call' | 'parameters' | 'shape' | 'index' | 'family' | 'list' | 'group';

const operands: ReadonlySet<string> = new Set([
  'NAME',
  'CALLEE',
  'INT',
  'FLOAT',
  'STRING',
  ')',
  ']',
  'true',
  'false',
  'none',
]);
const names: ReadonlySet<string> = new Set(['NAME', 'CALLEE']);
const opening: ReadonlySet<string> = new Set(['(', '[']);
const closing: ReadonlySet<string> = new Set([')', ']', ',', '?']);
const arithmetic: ReadonlySet<string> = new Set(['*', '/', '+', '-', '%', '@']);

/**
 * @param before the token before, and the one before that is `second`.
 * @param written how many stand there now.
 */
export function spacesBetween(
  before: PlacedToken,
  token: PlacedToken,
  second: PlacedToken | undefined,
  written: number,
): number {
  const { type, text } = token;
  if (isComment(before) || isComment(token)) return Math.min(1, written);
  if (isGlued(before) || isGlued(token)) return 0;
  if (opening.has(before.text) || closing.has(text)) return 0;
  if (text === '(' && before.text !== ':') return names.has(before.type) ? 0 : 1;
  if (text === '[') return opensIndex(before) ? 0 : 1;
  if (text === '}') return before.text === '{' ? 0 : 1;
  if (text === ':') return before.text === ',' ? 1 : spacesBeforeColon(token);
  if (before.text === ':') return spacesAfterColon(before, second);
  if (isSign(before, second)) return 0;
  const isTight = token.bracket === 'index' || token.bracket === 'shape';
  if (isTight && arithmetic.has(type) && !isSign(token, before)) return Math.min(1, written);
  if (isTight && arithmetic.has(before.type)) return Math.min(1, written);
  return 1;
}

export function isComment({ type }: { readonly type: string }): boolean {
  return type.endsWith('_COMMENT');
}

/** `blocks.*.x#0` */
function isGlued({ text }: PlacedToken): boolean {
  return text === '.' || text === '#';
}

/** What brackets behind it select from. */
function opensIndex({ type, text }: PlacedToken): boolean {
  return operands.has(type) || type === 'int' || (type === '*' && text === '*');
}

/** `expect x : [N, d]` says what holds; everywhere else a colon belongs to the name before it. */
function spacesBeforeColon({ bracket, opener }: PlacedToken): number {
  return bracket === undefined && opener === 'expect' ? 1 : 0;
}

/** In an index, and behind the first of a family's colons, it is a range. */
function spacesAfterColon({ bracket }: PlacedToken, second: PlacedToken | undefined): number {
  if (bracket === 'index') return 0;
  return bracket === 'family' && second?.type !== 'NAME' ? 0 : 1;
}

/** A minus that nothing stands before. */
function isSign({ type }: PlacedToken, before: PlacedToken | undefined): boolean {
  if (type !== '-') return false;
  return before === undefined || !(operands.has(before.type) || before.text === '*');
}
