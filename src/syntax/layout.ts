/**
 * Second half of the lexer: decides which words are keywords, which newlines end a statement, and closes what the text
 * leaves open. Afterwards every bracket has its partner and everything in braces that does not end with a brace ends
 * with one NL, so that a mistake in one line cannot hide the next.
 */
import { t } from '@vscode/l10n';
import { Brackets } from './brackets.ts';
import { innerKeyword, openingKeyword, type WordPlace } from './keywords.ts';
import {
  beginsDeclaration,
  beginsKeywordStatement,
  beginsStatement,
  isAssigned,
  nextLine,
} from './lookahead.ts';
import type { RawToken } from './scanner.ts';
import { TokenList } from './token-list.ts';
import { continuesLine, endsOperand, expectsName, type Region, regionAfter } from './words.ts';

/**
 * Never fails: what does not fit becomes a problem and is left out.
 * @param end what follows the tokens, as a message names it.
 */
export function layOut(raw: readonly RawToken[], end = t`the end of the file`): TokenList {
  const layout = new Layout(raw, end);
  layout.run();
  return layout.list;
}

interface Scope {
  readonly region: Region;
  /** The keyword before the brace. */
  readonly opener: string | undefined;
  readonly start: number;
  /** A brace that nothing announced: it and its partner are left out. */
  readonly dropped: boolean;
  readonly brackets: Brackets;
}

class Layout {
  readonly list = new TokenList();
  private readonly raw: readonly RawToken[];
  private readonly scopes: Scope[] = [];
  private scope: Scope = {
    region: 'file',
    opener: undefined,
    start: 0,
    dropped: false,
    brackets: new Brackets(this.list),
  };
  /** The keyword whose braces come next. */
  private header: string | undefined;
  /** The keyword that began the statement. */
  private statement: string | undefined;
  /** What the braces that were closed last held. */
  private closed: Scope | undefined;
  /** Whether the conditions of these dims are over, after which no dim may come. */
  private conditionsOver = false;
  /** Whether the next token begins a statement, an entry or a declaration. */
  private fresh = true;
  private i = 0;

  private readonly end: string;

  constructor(raw: readonly RawToken[], end: string) {
    this.raw = raw;
    this.end = end;
  }

  run(): void {
    for (this.i = 0; this.i < this.raw.length; this.i += 1) {
      const token = this.raw[this.i];
      if (token !== undefined) {
        this.place(token);
      }
    }
    while (this.scopes.length > 0) {
      this.closeScope(this.end);
    }
    this.endStatement();
  }

  private place(token: RawToken): void {
    switch (token.kind) {
      case 'newline':
        this.newline(token);
        break;
      case 'word':
        this.word(token);
        break;
      case 'mark':
        this.mark(token);
        break;
      case 'integer':
      case 'float':
      case 'string':
        this.emit({ integer: 'INT', float: 'FLOAT', string: 'STRING' }[token.kind], token);
        break;
    }
  }

  private newline(token: RawToken): void {
    const next = nextLine(this.raw, this.i);
    if (next >= this.raw.length || this.scope.region === 'import') {
      return;
    }
    if (!this.scope.brackets.none) {
      if (!beginsStatement(this.raw, next, this.scope.region, 'brackets')) {
        return;
      }
    } else if (this.lineGoesOn(next)) {
      return;
    }
    this.endStatement(token);
  }

  private lineGoesOn(next: number): boolean {
    const last = this.list.last();
    const following = this.raw[next];
    if (last === '' || this.fresh) {
      return true;
    }
    if (last === ',') {
      return !beginsKeywordStatement(this.raw, next, this.scope.region);
    }
    if (continuesLine(last) && !this.list.endsWithPathStar()) {
      return !beginsStatement(this.raw, next, this.scope.region, 'line');
    }
    return this.header !== undefined && (following?.text === '{' || following?.text === '->');
  }

  private word(token: RawToken): void {
    const last = this.list.last();
    if (last === '.' || (expectsName(last) && !this.fresh)) {
      this.emit('NAME', token);
      return;
    }
    if (this.startsDeclaration(token)) {
      return;
    }
    this.separate(token);
    if (this.fresh && this.conditionsOver) {
      this.list.complain(
        t`\`where\` comes last: write this dim before it.`,
        token.start,
        token.text.length,
      );
    }
    if (this.isStrayElse(token)) {
      this.list.complain(
        t`\`else\` follows the \`}\` of an \`if\`.`,
        token.start,
        token.text.length,
      );
      return;
    }
    const place = this.placeOf(token);
    const keyword = this.fresh ? openingKeyword(place) : innerKeyword(place);
    if (keyword === undefined) {
      this.name(token);
      return;
    }
    if (regionAfter(keyword) !== undefined) {
      this.header = keyword;
    }
    if (this.fresh) {
      this.statement = keyword;
      if (this.scope.region === 'file') this.list.declarations.push(this.list.tokens.length);
    }
    this.emit(keyword, token);
  }

  /** A declaration inside braces or brackets that are not closed ends them all. */
  private startsDeclaration(token: RawToken): boolean {
    if (!beginsDeclaration(this.raw, this.i, this.scope.region) || !this.mayStartDeclaration()) {
      return false;
    }
    while (this.scopes.length > 0) {
      this.closeScope(`\`${token.text}\``);
    }
    this.endStatement();
    this.header = token.text;
    this.statement = token.text;
    this.list.declarations.push(this.list.tokens.length);
    this.emit(token.text, token);
    return true;
  }

  private mayStartDeclaration(): boolean {
    const before = this.raw[this.i - 1];
    return (
      before === undefined ||
      before.kind === 'newline' ||
      before.text === '}' ||
      this.list.last() === 'STRING'
    );
  }

  /** Ends the statement before a word that begins another on the same line. */
  private separate(token: RawToken): void {
    const last = this.list.last();
    if (last === '' || this.fresh || !this.scope.brackets.none) {
      return;
    }
    if (
      this.isWhere(token) ||
      (endsOperand(last) && beginsKeywordStatement(this.raw, this.i, this.scope.region))
    ) {
      this.endStatement();
    }
  }

  private isWhere(token: RawToken): boolean {
    return (
      token.text === 'where' &&
      this.scope.region === 'dims' &&
      this.scope.brackets.none &&
      this.raw[this.i + 1]?.text !== '='
    );
  }

  private isStrayElse({ text }: RawToken): boolean {
    const afterIf = this.list.last() === '}' && this.closed?.opener === 'if';
    return (
      this.fresh &&
      text === 'else' &&
      this.scope.region === 'body' &&
      !afterIf &&
      !isAssigned(this.raw, this.i)
    );
  }

  private placeOf(token: RawToken): WordPlace {
    const bracket = this.scope.brackets.innermost;
    return {
      text: token.text,
      assigned: isAssigned(this.raw, this.i),
      last: this.list.last(),
      next: this.raw[this.i + 1],
      region: this.scope.region,
      bracket: bracket?.parameters === true ? 'parameters' : bracket?.open,
      statement: this.statement,
      closed: this.closed?.region,
    };
  }

  /** A name; one token tells calls and named arguments from other names. */
  private name(token: RawToken): void {
    const next = this.raw[this.i + 1]?.text;
    const bracket = this.scope.brackets.innermost;
    if (next === '(' && !this.fresh) {
      this.emit('CALLEE', token);
      return;
    }
    const named = next === ':' && bracket?.open === '(' && !bracket.parameters;
    this.emit(named ? 'KEY' : 'NAME', token);
  }

  private mark(token: RawToken): void {
    switch (token.text) {
      case '(':
      case '[': {
        const bracket = { open: token.text, start: token.start } as const;
        if (this.scope.brackets.add({ ...bracket, parameters: this.opensParameters(token) })) {
          this.emit(token.text, token);
        }
        break;
      }
      case ')':
      case ']':
        if (this.scope.brackets.close(token)) {
          this.emit(token.text, token);
        }
        break;
      case '{':
        this.openBrace(token);
        break;
      case '}':
        this.closeBrace(token);
        break;
      case '<-':
        this.arrow(token);
        break;
      case ',':
        this.comma(token);
        break;
      default:
        this.emit(token.text, token);
        break;
    }
  }

  /** Outside weights, `x<-1` compares with minus one. */
  private arrow(token: RawToken): void {
    if (this.scope.region === 'mapping') {
      this.emit('<-', token);
      return;
    }
    this.emit('<', { ...token, text: '<' });
    this.emit('-', { ...token, text: '-', start: token.start + 1 });
  }

  /** Between dims a comma ends one as a newline does; between conditions it does not. */
  private comma(token: RawToken): void {
    const separates =
      this.scope.region === 'dims' && this.scope.brackets.none && this.statement !== 'where';
    if (separates && !this.fresh) {
      this.endStatement(token);
    } else {
      this.emit(',', token);
    }
  }

  private opensParameters(token: RawToken): boolean {
    return (
      token.text === '(' &&
      this.scope.brackets.none &&
      this.scope.region === 'file' &&
      this.list.last(1) === 'block'
    );
  }

  private openBrace(token: RawToken): void {
    this.scope.brackets.closeAll();
    const region = this.header === undefined ? undefined : regionAfter(this.header);
    if (region === undefined) {
      const message = t`No block can begin here: braces follow a declaration, \`repeat\`, \`if\` or \`else\`.`;
      this.list.complain(message, token.start);
    }
    const dropped = region === undefined;
    if (dropped) {
      this.endStatement();
    }
    this.scopes.push(this.scope);
    this.scope = {
      region: region ?? this.scope.region,
      opener: this.header,
      start: token.start,
      dropped,
      brackets: new Brackets(this.list),
    };
    if (!dropped) {
      this.emit('{', token);
    }
    this.begin(region !== 'import');
  }

  private closeBrace(token: RawToken): void {
    if (this.scopes.length === 0) {
      const message = t`Nothing is open that this \`}\` could close.`;
      this.list.complain(message, token.start);
      return;
    }
    this.leaveScope(() => this.emit('}', token));
  }

  private closeScope(before: string): void {
    const { start, dropped } = this.scope;
    if (!dropped) {
      const message = t`This \`{\` is never closed: expected \`}\` before ${before}.`;
      this.list.complain(message, start);
    }
    this.leaveScope(() => this.list.addVirtual('}'));
  }

  private leaveScope(emitBrace: () => void): void {
    this.scope.brackets.closeAll();
    const { region, dropped } = this.scope;
    if (region !== 'import') {
      this.endStatement();
    }
    if (!dropped) {
      emitBrace();
    }
    this.closed = this.scope;
    this.conditionsOver = false;
    this.scope = this.scopes.pop() ?? this.scope;
    this.begin(region !== 'import');
  }

  private endStatement(newline?: RawToken): void {
    this.scope.brackets.closeAll();
    this.conditionsOver ||= this.statement === 'where';
    if (!this.fresh && !this.isCompleteDeclaration()) {
      if (newline === undefined) {
        this.list.addVirtual('NL');
      } else {
        this.emit('NL', newline);
      }
    }
    this.begin(true);
  }

  /** Nothing marks the end of a declaration; an NL after half of one keeps it apart from the next. */
  private isCompleteDeclaration(): boolean {
    const last = this.list.last();
    return this.scope.region === 'file' && (last === '}' || last === 'STRING');
  }

  private begin(fresh: boolean): void {
    this.fresh = fresh;
    this.header = undefined;
    this.statement = undefined;
  }

  private emit(type: string, token: RawToken): void {
    this.fresh = false;
    this.list.add(type, token);
  }
}
