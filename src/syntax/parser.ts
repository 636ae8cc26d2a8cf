import { t } from '@vscode/l10n';
import {
  type AstNode,
  createParser,
  type LangiumCoreServices,
  LangiumParser,
  type LexerResult,
  type ParseResult,
  type ParserOptions,
} from 'langium';
import { isProgram } from './generated/ast.ts';
import { LineMap } from './line-map.ts';
import { fillMissing } from './missing.ts';
import type { TextRange } from './ranges.ts';

type Token = LexerResult['tokens'][number];
type LexerError = ParseResult['lexerErrors'][number];
type ParserError = ParseResult['parserErrors'][number];

/** A parser whose trees have no holes, and which reports the first mistake of each line only. */
export class TblockParser extends LangiumParser {
  override parse<T extends AstNode = AstNode>(
    input: string,
    options: ParserOptions = {},
  ): ParseResult<T> {
    const result = this.parseShallow<T>(input, options);
    const cuts = isProgram(result.value) ? fillMissing(result.value) : [];
    const lexerErrors = [...result.lexerErrors, ...cuts.map((cut) => tooDeep(cut, input))];
    if (lexerErrors.length + result.parserErrors.length === 0) {
      return result;
    }
    const tokens = this.lexer.tokenize(input).tokens;
    return { ...result, ...firstPerLine({ ...result, lexerErrors }, tokens) };
  }

  /** What overflows the stack is given up as a whole; the layout keeps brackets from doing so. */
  private parseShallow<T extends AstNode>(input: string, options: ParserOptions): ParseResult<T> {
    try {
      return super.parse<T>(input, options);
    } catch (error) {
      if (!(error instanceof RangeError)) {
        throw error;
      }
      // Langium keeps the nodes that were begun, and would find them at its next parse.
      Reflect.set(this, 'stack', []);
      const result = super.parse<T>('', options);
      return { ...result, lexerErrors: [tooDeep({ start: 0, end: 0 }, input)] };
    }
  }
}

function tooDeep({ start, end }: TextRange, text: string): LexerError {
  const { line, character } = new LineMap(text).positionAt(start);
  const message = t`This is nested too deeply: give a part a name, or put it into a block.`;
  return { message, offset: start, length: end - start, line: line + 1, column: character + 1 };
}

/** What a Langium module gives as its parser. */
export function createTblockParser(services: LangiumCoreServices): LangiumParser {
  const parser = new TblockParser(services);
  createParser(services.Grammar, parser, services.parser.Lexer.definition);
  parser.finalize();
  return parser;
}

/** A mistake often makes others right behind it: the leftmost of each line stays. */
function firstPerLine(
  { lexerErrors, parserErrors }: ParseResult,
  tokens: readonly Token[],
): Pick<ParseResult, 'lexerErrors' | 'parserErrors'> {
  const visible = parserErrors.map((error) => atVisibleToken(error, tokens));
  const places = [
    ...lexerErrors.map((error) => ({
      error: error as object,
      line: error.line,
      offset: error.offset,
    })),
    ...visible.map((error) => ({
      error,
      line: error.token.startLine,
      offset: error.token.startOffset,
    })),
  ];
  const leftmost = new Map<number | undefined, { error: object; offset: number }>();
  for (const { error, line, offset } of places) {
    if (offset < (leftmost.get(line)?.offset ?? Number.POSITIVE_INFINITY)) {
      leftmost.set(line, { error, offset });
    }
  }
  const kept = new Set([...leftmost.values()].map(({ error }) => error));
  return {
    lexerErrors: lexerErrors.filter((error) => kept.has(error)),
    parserErrors: visible.filter((error) => kept.has(error)),
  };
}

/** What is missing at the end of a line is marked on the token before it. */
function atVisibleToken(error: ParserError, tokens: readonly Token[]): ParserError {
  if (isVisible(error.token)) {
    return error;
  }
  const offset = error.token.startOffset;
  const before = Number.isNaN(offset)
    ? tokens
    : tokens.filter((token) => token.startOffset < offset);
  const token = before.findLast(isVisible) ?? tokens.find(isVisible);
  return token === undefined ? error : { ...error, message: error.message, token };
}

const isVisible = (token: Token): boolean =>
  !Number.isNaN(token.startOffset) && token.image.trim() !== '' && token.tokenType.name !== 'NL';
