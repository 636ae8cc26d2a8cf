/** A file in pieces, one declaration each, so that an edit has only its own declaration parsed again. */
import { layOut } from './layout.ts';
import { type RawComment, scan } from './scanner.ts';
import type { LaidToken } from './token-list.ts';

export interface TextPiece {
  readonly start: number;
  readonly text: string;
  /** What follows it in the file, as a message names it. */
  readonly end: string | undefined;
}

/**
 * The pieces side by side are the text. A declaration has the comments above it in its piece, and whatever stands
 * behind it and begins no declaration.
 */
export function piecesOf(text: string): readonly TextPiece[] {
  const { tokens: raw, comments } = scan(text);
  const { tokens, declarations } = layOut(raw);
  const starts = declarations.slice(1).map((at) => startOfPiece(text, tokens, at, comments));
  return [0, ...starts].map((start, i) => {
    const next = tokens[declarations[i + 1] ?? tokens.length];
    return {
      start,
      text: text.slice(start, starts[i]),
      end: next === undefined ? undefined : `\`${next.text}\``,
    };
  });
}

/**
 * The pieces of an edited text, where the edit lies within one declaration and leaves it one; undefined where it does
 * not, and the whole text must be looked at.
 */
export function editedPieces(
  text: string,
  before: readonly TextPiece[],
): readonly TextPiece[] | undefined {
  const last = before.at(-1);
  if (last === undefined) return undefined;
  const length = last.start + last.text.length;
  const edited = before.findIndex(({ start, text: old }) => !text.startsWith(old, start));
  const piece = before[edited];
  if (piece === undefined) return undefined;
  const by = text.length - length;
  const untouched = before.slice(edited + 1).map((each) => ({ ...each, start: each.start + by }));
  const end = piece.start + piece.text.length + by;
  if (end <= piece.start || !untouched.every((each) => text.startsWith(each.text, each.start))) {
    return undefined;
  }
  const now = { ...piece, text: text.slice(piece.start, end) };
  // What the piece before leaves open ends where this one begins, which the edit may have moved.
  const previous = before[edited - 1];
  const isApart = previous === undefined || isOneDeclaration(previous.text);
  if (!isApart || !isOneDeclaration(now.text)) return undefined;
  return [...before.slice(0, edited), now, ...untouched];
}

/** Nothing stands before it, it is whole, and nothing that it leaves open could reach beyond it. */
function isOneDeclaration(text: string): boolean {
  const { tokens: raw, problems: broken } = scan(text);
  const { tokens, declarations, problems } = layOut(raw);
  const isSound = broken.length === 0 && problems.length === 0;
  const end = tokens.at(-1)?.type ?? '';
  const isWhole = ['}', 'STRING'].includes(end) && text.endsWith('\n');
  return isSound && isWhole && declarations.length === 1 && declarations[0] === 0;
}

/** The line after the declaration before; where a comment reaches over that line, what follows that declaration. */
function startOfPiece(
  text: string,
  tokens: readonly LaidToken[],
  at: number,
  comments: readonly RawComment[],
): number {
  const start = tokens[at]?.start ?? 0;
  let last = at - 1;
  while (tokens[last]?.type === 'NL' || tokens[last]?.virtual) last -= 1;
  const before = tokens[last];
  const end = before === undefined ? 0 : before.start + before.text.length;
  const newline = text.indexOf('\n', end) + 1;
  const cut = comments.some((comment) => comment.start < newline && newline < endOf(comment));
  return newline === 0 || newline > start || cut ? end : newline;
}

function endOf({ start, text }: RawComment): number {
  return start + text.length;
}
