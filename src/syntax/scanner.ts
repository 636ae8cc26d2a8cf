/**
 * First half of the lexer: text into words, numbers, strings, marks and newlines, without knowing what they are for.
 * layout.ts decides that.
 */
import { t } from '@vscode/l10n';

export type RawKind = 'word' | 'integer' | 'float' | 'string' | 'mark' | 'newline';

export interface RawToken {
  readonly kind: RawKind;
  readonly text: string;
  readonly start: number;
}

export type CommentKind = 'DOC_COMMENT' | 'LINE_COMMENT' | 'BLOCK_COMMENT';

export interface RawComment {
  readonly kind: CommentKind;
  readonly text: string;
  readonly start: number;
}

export interface TextProblem {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

export interface ScanResult {
  readonly tokens: readonly RawToken[];
  readonly comments: readonly RawComment[];
  readonly problems: readonly TextProblem[];
}

/** Never fails: what it does not know becomes a problem and is left out. */
export function scan(text: string): ScanResult {
  const scanner = new Scanner(text);
  scanner.run();
  return scanner;
}

const patterns = {
  blank: /[^\S\r\n]+/y,
  newline: /\r\n|\n|\r/y,
  word: /[\p{L}_][\p{L}\p{M}\p{N}_]*'*/uy,
  /** A point that a name or another point follows belongs to them, not to the number. */
  number: /[0-9][0-9_]*(\.[0-9][0-9_]*|\.(?![\p{L}_.]))?([eE][+-]?[0-9]+)?/uy,
  leadingPoint: /\.[0-9][0-9_]*([eE][+-]?[0-9]+)?/y,
  /** After `.` or `#` a path goes on: `0.1` is two indices there. */
  index: /[0-9][0-9_]*/y,
  string: /"(?:\\[^\r\n]|[^"\\\r\n])*/y,
  documentation: /\/\/\/[^\r\n]*/y,
  lineComment: /\/\/[^\r\n]*/y,
  mark: /\.\.\.|->|<-|<=|>=|==|!=|\+=|[()[\]{},:.=+\-*/%@<>~#?]/y,
  unknown: /[^\s\p{L}_0-9"()[\]{},:.=+\-*/%@<>~#?]+/uy,
} as const;

const rewrites: Readonly<Record<string, string>> = {
  '!': t`Write \`not\` for negation.`,
  '&': t`Write \`and\`.`,
  '&&': t`Write \`and\`.`,
  '|': t`Write \`or\`.`,
  '||': t`Write \`or\`.`,
  "'": t`Strings are written with double quotes.`,
  '`': t`Strings are written with double quotes.`,
  ';': t`A new line ends a statement; \`;\` is not needed.`,
  '×': t`Write \`*\`, or \`@\` for a matrix product.`,
  '·': t`Write \`*\`, or \`@\` for a matrix product.`,
  '−': t`Write \`-\` (hyphen-minus).`,
  '→': t`Write \`->\`.`,
  '←': t`Write \`<-\`.`,
  '≤': t`Write \`<=\`.`,
  '≥': t`Write \`>=\`.`,
  '≠': t`Write \`!=\`.`,
  '√': t`Write \`sqrt(…)\`.`,
};

class Scanner implements ScanResult {
  readonly tokens: RawToken[] = [];
  readonly comments: RawComment[] = [];
  readonly problems: TextProblem[] = [];
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  run(): void {
    while (this.at < this.text.length) {
      this.step();
    }
  }

  private step(): void {
    if (this.match(patterns.blank) !== undefined) {
      return;
    }
    const code = this.text.charCodeAt(this.at);
    if (code === 47 && this.comment()) {
      return;
    }
    if (code === 34) {
      this.string();
      return;
    }
    this.plain();
  }

  private plain(): void {
    const taken =
      this.token('newline', patterns.newline) ||
      this.token('word', patterns.word) ||
      this.number() ||
      this.token('mark', patterns.mark);
    if (!taken) {
      this.unknown();
    }
  }

  private comment(): boolean {
    const start = this.at;
    const documentation = this.match(patterns.documentation);
    if (documentation !== undefined) {
      this.comments.push({ kind: 'DOC_COMMENT', text: documentation, start });
      return true;
    }
    const line = this.match(patterns.lineComment);
    if (line !== undefined) {
      this.comments.push({ kind: 'LINE_COMMENT', text: line, start });
      return true;
    }
    return this.text.startsWith('/*', start) && this.blockComment(start);
  }

  private blockComment(start: number): boolean {
    const close = this.text.indexOf('*/', start + 2);
    this.at = close < 0 ? this.text.length : close + 2;
    if (close < 0) {
      const message = t`This comment is never closed: expected \`*/\`.`;
      this.problems.push({ message, start, end: start + 2 });
    }
    const text = this.text.slice(start, this.at);
    this.comments.push({ kind: 'BLOCK_COMMENT', text, start });
    return true;
  }

  private string(): void {
    const start = this.at;
    const body = this.match(patterns.string) ?? '"';
    const closed = this.text.charCodeAt(this.at) === 34;
    if (closed) {
      this.at += 1;
    } else {
      // A backslash may end the line: the pattern stops before it.
      this.at += this.text.charCodeAt(this.at) === 92 ? 1 : 0;
      this.at -= closersAtEnd(this.text.slice(start, this.at));
      const message = t`This string is never closed: expected \`"\` on the same line.`;
      this.problems.push({ message, start, end: this.at });
    }
    this.tokens.push({
      kind: 'string',
      text: closed ? `${body}"` : this.text.slice(start, this.at),
      start,
    });
  }

  private number(): boolean {
    const previous = this.tokens.at(-1);
    if (previous?.text === '.' || previous?.text === '#') {
      return this.token('integer', patterns.index);
    }
    if (!this.followsOperand(previous) && this.token('float', patterns.leadingPoint)) {
      return true;
    }
    const start = this.at;
    const text = this.match(patterns.number);
    if (text === undefined) {
      return false;
    }
    this.tokens.push({ kind: /[.eE]/.test(text) ? 'float' : 'integer', text, start });
    return true;
  }

  /** Whether a point here would continue what stands directly before it: `blocks.3`, `x#1.y`, `blocks.*.0`. */
  private followsOperand(previous: RawToken | undefined): boolean {
    return (
      previous !== undefined &&
      previous.start + previous.text.length === this.at &&
      (previous.kind !== 'mark' || /^[)\]*]$/.test(previous.text))
    );
  }

  private unknown(): void {
    const start = this.at;
    const text = this.match(patterns.unknown) ?? this.text[start] ?? '';
    this.at = start + Math.max(text.length, 1);
    const advice = rewrites[text] ?? '';
    const unexpected =
      text.length > 1
        ? t`Unexpected characters \`${text}\`.`
        : t`Unexpected character \`${text}\`.`;
    const message = `${unexpected} ${advice}`.trim();
    this.problems.push({ message, start, end: this.at });
  }

  private token(kind: RawKind, pattern: RegExp): boolean {
    const start = this.at;
    const text = this.match(pattern);
    if (text === undefined) {
      return false;
    }
    this.tokens.push({ kind, text, start });
    return true;
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const text = pattern.exec(this.text)?.[0];
    if (text === undefined || text.length === 0) {
      return undefined;
    }
    this.at += text.length;
    return text;
  }
}

/** How much of a string that is never closed belongs behind it: the brackets at its end that nothing in it opens. */
function closersAtEnd(text: string): number {
  let rest = text.trimEnd();
  for (let last = rest.at(-1); last === ')' || last === ']'; last = rest.at(-1)) {
    const open = last === ')' ? '(' : '[';
    if (rest.split(open).length >= rest.split(last).length) break;
    rest = rest.slice(0, -1).trimEnd();
  }
  return rest.length < text.trimEnd().length ? text.length - rest.length : 0;
}
