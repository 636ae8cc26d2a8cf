import type { LangiumCoreServices, Lexer, LexerResult } from 'langium';
import { layOut } from './layout.ts';
import { LineMap } from './line-map.ts';
import { scan } from './scanner.ts';
import type { LaidToken } from './token-list.ts';

type Definition = Lexer['definition'];
type Token = LexerResult['tokens'][number];
type TokenType = Definition[string];

/** Langium's lexer for .tblock: scan, then lay out. The token types come from the grammar. */
export class TblockLexer implements Lexer {
  readonly definition: Definition;
  /** What follows the text in its file, as a message names it. */
  end: string | undefined;

  constructor(services: LangiumCoreServices) {
    const types = services.parser.TokenBuilder.buildTokens(services.Grammar);
    this.definition = Array.isArray(types)
      ? Object.fromEntries(types.map((type: TokenType) => [type.name, type]))
      : {};
  }

  tokenize(text: string): LexerResult {
    const scanned = scan(text);
    const laid = layOut(scanned.tokens, this.end);
    const lines = new LineMap(text);
    const problems = [...scanned.problems, ...laid.problems].sort((a, b) => a.start - b.start);
    return {
      tokens: laid.tokens.flatMap((token) => this.token(token, lines)),
      hidden: scanned.comments.flatMap(({ kind, text: image, start }) =>
        this.token({ type: kind, text: image, start, virtual: false }, lines),
      ),
      errors: problems.map(({ message, start, end }) => {
        const { line, character } = lines.positionAt(start);
        return {
          message,
          offset: start,
          length: end - start,
          line: line + 1,
          column: character + 1,
        };
      }),
    };
  }

  private token({ type, text, start, virtual }: LaidToken, lines: LineMap): Token[] {
    const tokenType = this.definition[type];
    if (tokenType?.tokenTypeIdx === undefined) {
      return [];
    }
    const end = start + Math.max(text.length - 1, 0);
    const first = lines.positionAt(start);
    const final = lines.positionAt(end);
    return [
      {
        image: text,
        startOffset: start,
        endOffset: end,
        startLine: first.line + 1,
        endLine: final.line + 1,
        startColumn: first.character + 1,
        endColumn: final.character + 1,
        tokenType,
        tokenTypeIdx: tokenType.tokenTypeIdx,
        // The parser uses such a token and leaves it out of the tree.
        isInsertedInRecovery: virtual,
      },
    ];
  }
}
