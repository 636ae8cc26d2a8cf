/**
 * Second half of the lexer: decides which words are keywords, which newlines end a statement, and closes what the text
 * leaves open. Afterwards every bracket has its partner and everything in braces that does not end with a brace ends
 * with one NL, so that a mistake in one line cannot hide the next.
 */
import type { RawToken, TextProblem } from './scanner.ts';
import {
  continuesLine,
  endsOperand,
  expectsName,
  isConstantWord,
  isDeclarationWord,
  isKindWord,
  isStatementWord,
  type Region,
  regionAfter,
} from './words.ts';

export interface LaidToken {
  /** A terminal's name, or the keyword itself. */
  readonly type: string;
  readonly text: string;
  readonly start: number;
  /** Not in the text: put in to close or to end something. */
  readonly virtual: boolean;
}

export interface LayoutResult {
  readonly tokens: readonly LaidToken[];
  readonly problems: readonly TextProblem[];
}

/** Never fails: what does not fit becomes a problem and is left out. */
export function layOut(raw: readonly RawToken[], length: number): LayoutResult {
  const layout = new Layout(raw, length);
  layout.run();
  return layout;
}

interface Bracket {
  readonly open: '(' | '[';
  readonly start: number;
  /** The list of a block's parameters, where kinds are keywords. */
  readonly parameters: boolean;
}

interface Scope {
  readonly region: Region;
  readonly start: number;
  /** A brace that nothing announced: it and its partner are left out. */
  readonly dropped: boolean;
  readonly brackets: Bracket[];
}

class Layout implements LayoutResult {
  readonly tokens: LaidToken[] = [];
  readonly problems: TextProblem[] = [];
  private readonly raw: readonly RawToken[];
  private readonly length: number;
  private readonly scopes: Scope[] = [];
  private scope: Scope = { region: 'file', start: 0, dropped: false, brackets: [] };
  /** The keyword whose braces come next. */
  private header: string | undefined;
  /** The keyword that began the statement. */
  private statement: string | undefined;
  /** What the braces that were closed last held. */
  private closed: Region | undefined;
  /** Whether the next token begins a statement, an entry or a declaration. */
  private fresh = true;
  private i = 0;

  constructor(raw: readonly RawToken[], length: number) {
    this.raw = raw;
    this.length = length;
  }

  run(): void {
    for (this.i = 0; this.i < this.raw.length; this.i += 1) {
      const token = this.raw[this.i];
      if (token !== undefined) {
        this.place(token);
      }
    }
    while (this.scopes.length > 0) {
      this.closeScope(this.length, 'the end of the file');
    }
    this.endStatement();
  }

  private place(token: RawToken): void {
    switch (token.kind) {
      case 'newline':
        return this.newline(token);
      case 'word':
        return this.word(token);
      case 'mark':
        return this.mark(token);
      case 'integer':
        return this.operand('INT', token);
      case 'float':
        return this.operand('FLOAT', token);
      case 'string':
        return this.operand('STRING', token);
    }
  }

  // ------------------------------------------------------------------ newlines

  private newline(token: RawToken): void {
    const next = this.nextLine();
    if (next >= this.raw.length || this.scope.region === 'import') {
      return;
    }
    if (this.scope.brackets.length > 0) {
      if (!this.beginsStatement(next, 'brackets')) {
        return;
      }
    } else if (this.lineGoesOn(next)) {
      return;
    }
    this.endStatement(token);
  }

  private lineGoesOn(next: number): boolean {
    const last = this.last();
    const following = this.raw[next];
    if (last === undefined || this.fresh) {
      return true;
    }
    if (last === ',') {
      return !this.beginsKeywordStatement(next);
    }
    if (continuesLine(last) && !this.isPathStar()) {
      return !this.beginsStatement(next, 'line');
    }
    return this.header !== undefined && (following?.text === '{' || following?.text === '->');
  }

  /** The `*` of `blocks.*` ends a path and is no operator. */
  private isPathStar(): boolean {
    return this.last() === '*' && this.tokens.at(-2)?.type === '.';
  }

  private nextLine(): number {
    let next = this.i + 1;
    while (this.raw[next]?.kind === 'newline') {
      next += 1;
    }
    return next;
  }

  /** Whether the line at `at` can only be a new statement, although the one before it is not complete. */
  private beginsStatement(at: number, open: 'brackets' | 'line'): boolean {
    const region = this.scope.region;
    if (this.beginsKeywordStatement(at)) {
      return open === 'line' || this.isDeclaration(at) || this.isPlainOperand(at + 1);
    }
    if (this.raw[at]?.kind !== 'word' || region === 'file') {
      return false;
    }
    if (region === 'mapping') {
      return this.lineHasArrow(at);
    }
    let end = at + 1;
    while (this.raw[end]?.text === ',' && this.raw[end + 1]?.kind === 'word') {
      end += 2;
    }
    const mark = this.raw[end]?.text;
    return mark === '=' || mark === '+=' || (mark === ':' && open === 'line' && end === at + 1);
  }

  private beginsKeywordStatement(at: number): boolean {
    const word = this.raw[at];
    return (
      word?.kind === 'word' &&
      (this.isDeclaration(at) ||
        (isStatementWord(word.text, this.scope.region) && !this.isAssigned(at)) ||
        (this.scope.region === 'run' && word.text === 'dims' && this.raw[at + 1]?.text === '{'))
    );
  }

  private isPlainOperand(at: number): boolean {
    const kind = this.raw[at]?.kind;
    return kind !== undefined && kind !== 'mark' && kind !== 'newline';
  }

  private lineHasArrow(at: number): boolean {
    for (let j = at; this.raw[j] !== undefined && this.raw[j]?.kind !== 'newline'; j += 1) {
      if (this.raw[j]?.text === '<-') {
        return true;
      }
    }
    return false;
  }

  /** Whether what follows makes the word at `at` a name, even where a keyword could be. */
  private isAssigned(at: number): boolean {
    const next = this.raw[at + 1]?.text;
    return next === '=' || next === '+=' || next === ',' || next === ':';
  }

  /** Whether a declaration begins at `at`: what cannot be anything else, so that it ends whatever is still open. */
  private isDeclaration(at: number): boolean {
    const word = this.raw[at];
    const second = this.raw[at + 1];
    const third = this.raw[at + 2]?.text;
    if (word?.kind !== 'word' || !isDeclarationWord(word.text) || second === undefined) {
      return false;
    }
    switch (regionAfter(word.text)) {
      case 'import':
        return second.text === '{';
      case 'dims':
        return second.text === '{' && this.scope.region !== 'run';
      case 'mapping':
        return second.kind === 'word' && third === '=';
      case 'run':
        return second.kind === 'word' && (third === 'for' || third === '[');
      default:
        return second.kind === 'word' && third === (word.text === 'block' ? '(' : '{');
    }
  }

  // --------------------------------------------------------------------- words

  private word(token: RawToken): void {
    const last = this.last();
    if (last === '.' || (last !== undefined && expectsName(last) && !this.fresh)) {
      return this.emit('NAME', token);
    }
    if (this.startsDeclaration(token)) {
      return;
    }
    this.separate(token);
    const keyword = this.fresh ? this.openingKeyword(token) : this.innerKeyword(token);
    if (keyword === undefined) {
      const called = !this.fresh && this.raw[this.i + 1]?.text === '(';
      return this.emit(called ? 'CALLEE' : 'NAME', token);
    }
    if (regionAfter(keyword) !== undefined) {
      this.header = keyword;
    }
    if (this.fresh) {
      this.statement = keyword;
    }
    this.emit(keyword, token);
  }

  /** A declaration inside braces or brackets that are not closed ends them all. */
  private startsDeclaration(token: RawToken): boolean {
    if (!this.isDeclaration(this.i) || !this.mayStartDeclaration()) {
      return false;
    }
    while (this.scopes.length > 0) {
      this.closeScope(token.start, `\`${token.text}\``);
    }
    this.endStatement();
    this.header = token.text;
    this.statement = token.text;
    this.emit(token.text, token);
    return true;
  }

  private mayStartDeclaration(): boolean {
    const before = this.raw[this.i - 1];
    return before === undefined || before.kind === 'newline' || before.text === '}' || this.last() === 'STRING';
  }

  /** Ends the statement before a word that begins another on the same line. */
  private separate(token: RawToken): void {
    const last = this.last();
    if (last === undefined || this.fresh || this.scope.brackets.length > 0) {
      return;
    }
    if (this.isWhere(token) || (endsOperand(last) && this.beginsKeywordStatement(this.i))) {
      this.endStatement();
    }
  }

  private isWhere(token: RawToken): boolean {
    return (
      token.text === 'where' &&
      this.scope.region === 'dims' &&
      this.scope.brackets.length === 0 &&
      this.raw[this.i + 1]?.text !== '='
    );
  }

  private openingKeyword(token: RawToken): string | undefined {
    const { region } = this.scope;
    if (this.isWhere(token)) {
      return 'where';
    }
    if (region === 'file' && isDeclarationWord(token.text)) {
      return token.text;
    }
    if (this.isAssigned(this.i)) {
      return undefined;
    }
    const known = isStatementWord(token.text, region) || (region === 'body' && token.text === 'else');
    const dims = region === 'run' && token.text === 'dims' && this.raw[this.i + 1]?.text === '{';
    return known || dims ? token.text : undefined;
  }

  private innerKeyword(token: RawToken): string | undefined {
    const { text } = token;
    const last = this.last() ?? '';
    const next = this.raw[this.i + 1];
    if (this.isWhere(token)) {
      return text;
    }
    if (last === ':') {
      return this.typeKeyword(text) ?? this.valueKeyword(text, next);
    }
    if (next?.text === ':') {
      return undefined;
    }
    if (text === 'else' && last === '}') {
      return text;
    }
    if (text === 'if' && last === 'else') {
      return text;
    }
    if (text === 'shared') {
      return next?.text === '{' && last !== 'repeat' ? text : undefined;
    }
    return endsOperand(last) || last === '}' || last === '*' ? this.infixKeyword(text, last) : this.valueKeyword(text, next);
  }

  private infixKeyword(text: string, last: string): string | undefined {
    const outside = this.scope.brackets.length === 0;
    switch (text) {
      case 'and':
      case 'or':
      case 'as':
        return text;
      case 'for':
        return outside && this.statement === 'run' && this.scope.region === 'file' ? text : undefined;
      case 'within':
        return outside && this.statement === 'expect' ? text : undefined;
      case 'from':
        return last === '}' && this.closed === 'import' ? text : undefined;
      default:
        return isConstantWord(text) && text !== 'inf' ? text : undefined;
    }
  }

  private valueKeyword(text: string, next: RawToken | undefined): string | undefined {
    if (text === 'not') {
      const operand = next !== undefined && (next.kind !== 'mark' || /^[([-]$/.test(next.text));
      return operand && next.kind !== 'newline' ? text : undefined;
    }
    if (!isConstantWord(text)) {
      return undefined;
    }
    return text === 'inf' ? 'FLOAT' : text;
  }

  /** Kinds are keywords in a block's parameters, `int` wherever a type stands. */
  private typeKeyword(text: string): string | undefined {
    const bracket = this.scope.brackets.at(-1);
    const inParameters = bracket?.parameters === true;
    if (isKindWord(text)) {
      return inParameters ? text : undefined;
    }
    const typed = text === 'int' && this.raw[this.i + 1]?.text === '[';
    return typed && (inParameters || bracket === undefined) ? text : undefined;
  }

  // --------------------------------------------------------------------- marks

  private mark(token: RawToken): void {
    switch (token.text) {
      case '(':
      case '[':
        this.scope.brackets.push({ open: token.text, start: token.start, parameters: this.opensParameters(token) });
        return this.emit(token.text, token);
      case ')':
      case ']':
        return this.closeBracket(token, token.text === ')' ? '(' : '[');
      case '{':
        return this.openBrace(token);
      case '}':
        return this.closeBrace(token);
      case '<-':
        return this.arrow(token);
      case ',':
        return this.comma(token);
      default:
        return this.emit(token.text, token);
    }
  }

  /** Outside weights, `x<-1` compares with minus one. */
  private arrow(token: RawToken): void {
    if (this.scope.region === 'mapping') {
      return this.emit('<-', token);
    }
    this.emit('<', { ...token, text: '<' });
    this.emit('-', { ...token, text: '-', start: token.start + 1 });
  }

  /** Between dims a comma ends one as a newline does; between conditions it does not. */
  private comma(token: RawToken): void {
    const separates = this.scope.region === 'dims' && this.scope.brackets.length === 0 && this.statement !== 'where';
    if (separates && !this.fresh) {
      return this.endStatement(token);
    }
    this.emit(',', token);
  }

  private operand(type: string, token: RawToken): void {
    this.emit(type, token);
  }

  private opensParameters(token: RawToken): boolean {
    return (
      token.text === '(' &&
      this.scope.brackets.length === 0 &&
      this.scope.region === 'file' &&
      this.tokens.at(-2)?.type === 'block'
    );
  }

  private closeBracket(token: RawToken, open: '(' | '['): void {
    const { brackets } = this.scope;
    if (!brackets.some((bracket) => bracket.open === open)) {
      const message = `Nothing is open that this \`${token.text}\` could close.`;
      this.problems.push({ message, start: token.start, end: token.start + 1 });
      return;
    }
    while (brackets.at(-1)?.open !== open) {
      this.closeInnermost();
    }
    brackets.pop();
    this.emit(token.text, token);
  }

  private closeBrackets(): void {
    while (this.scope.brackets.length > 0) {
      this.closeInnermost();
    }
  }

  private closeInnermost(): void {
    const bracket = this.scope.brackets.pop();
    if (bracket !== undefined) {
      const close = bracket.open === '(' ? ')' : ']';
      const message = `This \`${bracket.open}\` is never closed: expected \`${close}\`.`;
      this.problems.push({ message, start: bracket.start, end: bracket.start + 1 });
      this.emitVirtual(close);
    }
  }

  private openBrace(token: RawToken): void {
    this.closeBrackets();
    const region = this.header === undefined ? undefined : regionAfter(this.header);
    if (region === undefined) {
      const message = 'No block can begin here: braces follow a declaration, `repeat`, `if` or `else`.';
      this.problems.push({ message, start: token.start, end: token.start + 1 });
    }
    const dropped = region === undefined;
    this.scopes.push(this.scope);
    this.scope = { region: region ?? this.scope.region, start: token.start, dropped, brackets: [] };
    if (!dropped) {
      this.emit('{', token);
    }
    this.begin(region !== 'import');
  }

  private closeBrace(token: RawToken): void {
    if (this.scopes.length === 0) {
      const message = 'Nothing is open that this `}` could close.';
      this.problems.push({ message, start: token.start, end: token.start + 1 });
      return;
    }
    this.leaveScope(() => this.emit('}', token));
  }

  private closeScope(at: number, before: string): void {
    const { start, dropped } = this.scope;
    if (!dropped) {
      const message = `This \`{\` is never closed: expected \`}\` before ${before}.`;
      this.problems.push({ message, start: Math.min(start, at), end: start + 1 });
    }
    this.leaveScope(() => this.emitVirtual('}'));
  }

  private leaveScope(emitBrace: () => void): void {
    this.closeBrackets();
    const { region, dropped } = this.scope;
    if (region !== 'import') {
      this.endStatement();
    }
    if (!dropped) {
      emitBrace();
    }
    this.closed = region;
    this.scope = this.scopes.pop() ?? this.scope;
    this.begin(region !== 'import');
  }

  // -------------------------------------------------------------------- output

  private last(): string | undefined {
    return this.tokens.at(-1)?.type;
  }

  /** At the top of a file and after a brace nothing needs an NL. */
  private endStatement(newline?: RawToken): void {
    this.closeBrackets();
    if (!this.fresh && this.scope.region !== 'file') {
      if (newline === undefined) {
        this.emitVirtual('NL');
      } else {
        this.emit('NL', newline);
      }
    }
    this.begin(true);
  }

  private begin(fresh: boolean): void {
    this.fresh = fresh;
    this.header = undefined;
    this.statement = undefined;
  }

  private emit(type: string, token: RawToken): void {
    this.fresh = false;
    this.tokens.push({ type, text: token.text, start: token.start, virtual: false });
  }

  private emitVirtual(type: string): void {
    const last = this.tokens.at(-1);
    const start = last === undefined ? 0 : last.start + last.text.length;
    this.tokens.push({ type, text: '', start, virtual: true });
  }
}
