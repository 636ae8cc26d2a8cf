import type { LangiumParser, ParseResult } from 'langium';
import type { Program } from './generated/ast.ts';
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
}

/**
 * Parses a file. Never throws: whatever is broken is in `syntaxErrors`, and the tree holds the rest.
 * The one parser is made at the first call.
 */
export function parseProgram(text: string): ParsedProgram {
  parser ??= createTblockCoreServices().parser.LangiumParser;
  const result = parser.parse<Program>(text);
  return { program: result.value, syntaxErrors: syntaxProblemsOf(result) };
}

/** The problems of a parse that Langium did, for instance of a document. */
export function syntaxProblemsOf({
  lexerErrors,
  parserErrors,
}: ParseResult): readonly SyntaxProblem[] {
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

let parser: LangiumParser | undefined;
