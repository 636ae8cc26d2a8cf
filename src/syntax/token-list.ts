import type { RawToken, TextProblem } from './scanner.ts';

export interface LaidToken {
  /** A terminal's name, or the keyword itself. */
  readonly type: string;
  readonly text: string;
  readonly start: number;
  /** Not in the text: put in to close or to end something. */
  readonly virtual: boolean;
}

/** The tokens for the parser, as far as they are decided, and what was wrong. */
export class TokenList {
  readonly tokens: LaidToken[] = [];
  readonly problems: TextProblem[] = [];
  /** Which tokens begin a declaration. */
  readonly declarations: number[] = [];

  /** The type of the last token, or of the one `back` before it; empty where there is none. */
  last(back = 0): string {
    return this.tokens.at(-1 - back)?.type ?? '';
  }

  /** The `*` of `blocks.*` ends a path and is no operator. */
  endsWithPathStar(): boolean {
    return this.last() === '*' && this.last(1) === '.';
  }

  add(type: string, token: RawToken): void {
    this.tokens.push({ type, text: token.text, start: token.start, virtual: false });
  }

  /** Directly behind the last token. */
  addVirtual(type: string): void {
    const last = this.tokens.at(-1);
    const start = last === undefined ? 0 : last.start + last.text.length;
    this.tokens.push({ type, text: '', start, virtual: true });
  }

  complain(message: string, start: number, length = 1): void {
    this.problems.push({ message, start, end: start + length });
  }
}
