import { t } from '@vscode/l10n';
import type { RawToken } from './scanner.ts';
import type { TokenList } from './token-list.ts';

type Opening = '(' | '[';

export interface Bracket {
  readonly open: Opening;
  readonly start: number;
  /** The list of a block's parameters, where kinds are keywords. */
  readonly parameters: boolean;
}

/** Deeper than people nest, and well below what the parser's stack holds. */
const deepest = 24;

/** The round and square brackets that are open within a pair of braces. */
export class Brackets {
  private readonly open: Bracket[] = [];
  private readonly list: TokenList;

  constructor(list: TokenList) {
    this.list = list;
  }

  get innermost(): Bracket | undefined {
    return this.open.at(-1);
  }

  get none(): boolean {
    return this.open.length === 0;
  }

  /** @returns whether the bracket belongs to the program. */
  add(bracket: Bracket): boolean {
    if (this.open.length >= deepest) {
      const message = t`Brackets are nested too deeply: give a part a name.`;
      this.list.complain(message, bracket.start);
      return false;
    }
    this.open.push(bracket);
    return true;
  }

  /** @returns whether the bracket belongs to the program: those inside are closed, and a stray one is left out. */
  close(token: RawToken): boolean {
    const wanted = token.text === ')' ? '(' : '[';
    if (!this.open.some((bracket) => bracket.open === wanted)) {
      const message = t`Nothing is open that this \`${token.text}\` could close.`;
      this.list.complain(message, token.start);
      return false;
    }
    while (this.innermost?.open !== wanted) {
      this.closeInnermost();
    }
    this.open.pop();
    return true;
  }

  closeAll(): void {
    while (!this.none) {
      this.closeInnermost();
    }
  }

  private closeInnermost(): void {
    const bracket = this.open.pop();
    if (bracket !== undefined) {
      const close = bracket.open === '(' ? ')' : ']';
      const message = t`This \`${bracket.open}\` is never closed: expected \`${close}\`.`;
      this.list.complain(message, bracket.start);
      this.list.addVirtual(close);
    }
  }
}
