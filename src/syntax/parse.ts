import type { LangiumParser, ParseResult } from 'langium';
import type { Program } from './generated/ast.ts';
import { TblockLexer } from './lexer.ts';
import { editedPieces, piecesOf, type TextPiece } from './pieces.ts';
import { placeTree } from './ranges.ts';
import { createTblockCoreServices } from './services.ts';

/** Something in the text that does not follow the grammar. Offsets in UTF-16 units, `end` after the last one. */
export interface SyntaxProblem {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

export interface ParsedProgram {
  readonly program: Program;
  /** In the order of the text. */
  readonly syntaxErrors: readonly SyntaxProblem[];
  /** Side by side they are the text. */
  readonly pieces: readonly ParsedPiece[];
}

/** A declaration with the text around it: what an edit elsewhere leaves as it is, but for its place. */
export interface ParsedPiece extends TextPiece {
  readonly program: Program;
  /** Offsets in the piece. */
  readonly problems: readonly SyntaxProblem[];
}

/**
 * Parses a file. Never throws: whatever is broken is in `syntaxErrors`, and the tree holds the rest.
 * @param before the same file before an edit. Its declarations that are still there become part of the new tree, so the
 * places in the old tree are not to be asked for any more.
 */
export function parseProgram(text: string, before?: ParsedProgram): ParsedProgram {
  const known = new Map<string, ParsedPiece[]>();
  for (const piece of before?.pieces ?? []) {
    const key = keyOf(piece);
    known.set(key, [...(known.get(key) ?? []), piece]);
  }
  const now = (before && editedPieces(text, before.pieces)) ?? piecesOf(text);
  const pieces = now.map((piece): ParsedPiece => {
    const { program, problems } = known.get(keyOf(piece))?.shift() ?? parsePiece(piece);
    const root = program.$cstNode?.root;
    if (root !== undefined) placeTree(root, piece.start);
    return { start: piece.start, text: piece.text, end: piece.end, program, problems };
  });
  return {
    program: {
      $type: 'Program',
      declarations: pieces.flatMap(({ program }) => program.declarations),
    },
    syntaxErrors: pieces.flatMap(({ start: offset, problems }) =>
      problems.map(({ message, start, end }) => ({
        message,
        start: offset + start,
        end: offset + end,
      })),
    ),
    pieces,
  };
}

function keyOf({ text, end = '' }: TextPiece): string {
  return `${end}:${text}`;
}

function parsePiece(piece: TextPiece): Pick<ParsedPiece, 'program' | 'problems'> {
  parser ??= createTblockCoreServices().parser;
  if (parser.Lexer instanceof TblockLexer) parser.Lexer.end = piece.end;
  const result = parser.LangiumParser.parse<Program>(piece.text);
  return { program: result.value, problems: syntaxProblemsOf(result) };
}

function syntaxProblemsOf({ lexerErrors, parserErrors }: ParseResult): readonly SyntaxProblem[] {
  const problems = [
    ...lexerErrors.map(({ message, offset, length }) => ({
      message,
      start: offset,
      end: offset + length,
    })),
    ...parserErrors.map(({ message, token }) => {
      const start = Number.isNaN(token.startOffset) ? 0 : token.startOffset;
      return { message, start, end: start + token.image.length };
    }),
  ];
  return problems.sort((a, b) => a.start - b.start);
}

/** Made at the first call. */
let parser: { readonly LangiumParser: LangiumParser; readonly Lexer: unknown } | undefined;
