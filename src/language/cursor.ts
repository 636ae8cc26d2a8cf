/** Where a cursor stands, judged by the tokens before it, so that it is known in the middle of typing. */
import { type RawToken, scan } from '../syntax/index.ts';

export type Region = 'file' | 'dims' | 'body' | 'run' | 'mapping' | 'import';

/** A call whose parentheses are open. */
export interface OpenCall {
  readonly callee: string;
  /** Arguments before the one at the cursor. */
  readonly position: number;
  /** The name of the argument at the cursor, where it is written. */
  readonly name: string | undefined;
  /** The arguments before, as written. */
  readonly given: readonly GivenArgument[];
}

export interface GivenArgument {
  readonly name: string | undefined;
  /** Where it is nothing but a name. */
  readonly value: string | undefined;
}

export interface Cursor {
  readonly offset: number;
  /** Of the word that is being typed; the cursor's own place where none is. */
  readonly start: number;
  readonly prefix: string;
  readonly region: Region;
  /** The keyword before the innermost braces: `block`, `model`, `repeat`, `if`, … */
  readonly opener: string | undefined;
  /** Whether a statement, entry or declaration begins here. */
  readonly begins: boolean;
  /** The tokens of the statement before the word. */
  readonly statement: readonly RawToken[];
  /** The innermost bracket. */
  readonly bracket: 'call' | 'parameters' | 'shape' | 'index' | 'group' | undefined;
  readonly call: OpenCall | undefined;
  /** The parts before the word, where points lead to it: `blocks.3.` */
  readonly chain: readonly string[];
  readonly inComment: boolean;
  /** The text of a string up to the cursor, where it stands in one. */
  readonly string: string | undefined;
}

interface Open {
  readonly kind: '{' | '(' | '[';
  readonly bracket: Cursor['bracket'];
  readonly region: Region;
  readonly opener: string | undefined;
  readonly callee: string | undefined;
  /** Index of the token after it. */
  readonly from: number;
}

const regions: Readonly<Record<string, Region>> = {
  dims: 'dims',
  block: 'body',
  model: 'body',
  repeat: 'body',
  if: 'body',
  else: 'body',
  run: 'run',
  weights: 'mapping',
  import: 'import',
};

/** @param text the declaration around the cursor, or any text that begins with a declaration. */
export function cursorIn(text: string, offset: number): Cursor {
  const { tokens: all, comments } = scan(text.slice(0, offset));
  const last = all.at(-1);
  const open = last !== undefined && last.kind === 'string' && !isClosed(last, offset);
  const typed = last !== undefined && endOf(last) === offset && isWord(last) ? last : undefined;
  const tokens = open || typed !== undefined ? all.slice(0, -1) : all;
  const stack = openBrackets(tokens);
  const inner = stack.at(-1);
  const statement = statementBefore(tokens, stack);
  const chain = chainBefore(tokens);
  return {
    offset,
    start: open && last !== undefined ? last.start + 1 : (typed?.start ?? offset),
    prefix: typed?.text ?? '',
    region: inner?.region ?? 'file',
    opener: inner?.opener,
    begins: statement.length === 0 && (inner === undefined || inner.kind === '{') && !open,
    statement,
    bracket: inner?.bracket,
    call: openCall(tokens, stack),
    chain,
    inComment: comments.some((comment) => reaches(comment, offset)),
    string: open && last !== undefined ? last.text.slice(1) : undefined,
  };
}

function isWord({ kind, text }: RawToken): boolean {
  return kind === 'word' || (kind === 'mark' && text === '*');
}

function endOf({ start, text }: RawToken): number {
  return start + text.length;
}

function isClosed({ text, ...token }: RawToken, offset: number): boolean {
  return text.length > 1 && text.endsWith('"') && token.start + text.length <= offset;
}

function reaches(
  { kind, text, start }: ReturnType<typeof scan>['comments'][number],
  offset: number,
): boolean {
  const end = start + text.length;
  return end >= offset && !(kind === 'BLOCK_COMMENT' && text.length > 3 && text.endsWith('*/'));
}

function openBrackets(tokens: readonly RawToken[]): readonly Open[] {
  const stack: Open[] = [];
  let header: string | undefined;
  tokens.forEach((token, i) => {
    const { text, kind } = token;
    const inner = stack.at(-1);
    if (kind === 'word' && regions[text] !== undefined && tokens[i + 1]?.text !== '=') {
      header = text;
    }
    if (kind === 'newline' && (inner === undefined || inner.kind === '{')) {
      header = isContinued(tokens, i) ? header : undefined;
    }
    if (kind !== 'mark') return;
    const region = inner?.region ?? 'file';
    switch (text) {
      case '{':
        // Braces end what round ones left open.
        while (stack.at(-1)?.kind === '(' || stack.at(-1)?.kind === '[') stack.pop();
        stack.push({
          ...{ kind: '{', bracket: undefined, callee: undefined, from: i + 1, opener: header },
          region: regions[header ?? ''] ?? region,
        });
        header = undefined;
        return;
      case '(':
      case '[':
        stack.push(bracketAt(tokens, i, region, inner?.opener));
        return;
      case '}':
        while (stack.length > 0 && stack.pop()?.kind !== '{');
        return;
      case ')':
      case ']':
        if (inner?.kind === (text === ')' ? '(' : '[')) stack.pop();
        return;
    }
  });
  return stack;
}

/** A header may go on in the next line. */
function isContinued(tokens: readonly RawToken[], at: number): boolean {
  const before = tokens[at - 1]?.text;
  return before === ',' || before === '->' || before === '=' || before === ')';
}

function bracketAt(
  tokens: readonly RawToken[],
  at: number,
  region: Region,
  opener: string | undefined,
): Open {
  const [before, second] = [tokens[at - 1], tokens[at - 2]];
  const kind = tokens[at]?.text === '(' ? '(' : '[';
  const open = { kind, region, opener, from: at + 1 } as const;
  if (kind === '(') {
    const isHeader = second?.text === 'block' && region === 'file';
    const callee = before?.kind === 'word' && !isHeader ? before.text : undefined;
    const bracket = isHeader ? 'parameters' : callee === undefined ? 'group' : 'call';
    return { ...open, bracket, callee };
  }
  const isShape =
    before?.text === ':' ||
    before?.text === '->' ||
    (before?.text === 'int' && second?.text === ':');
  const follows = before !== undefined && /^[\w)\]'"]$/u.test(before.text.at(-1) ?? '');
  return { ...open, bracket: isShape ? 'shape' : follows ? 'index' : 'group', callee: undefined };
}

/** Tokens since the statement began; newlines within brackets, and after what continues a line, do not end it. */
function statementBefore(tokens: readonly RawToken[], stack: readonly Open[]): readonly RawToken[] {
  const floor = stack.findLast(({ kind }) => kind === '{')?.from ?? 0;
  const outermost = stack.findLast(
    ({ kind }, i) => kind !== '{' && stack[i - 1]?.kind !== '(' && stack[i - 1]?.kind !== '[',
  );
  let at = outermost === undefined || outermost.from < floor ? tokens.length : outermost.from - 1;
  let depth = 0;
  while (at > floor) {
    const token = tokens[at - 1];
    if (token === undefined) break;
    if (token.text === ')' || token.text === ']') depth += 1;
    if (token.text === '(' || token.text === '[') depth -= 1;
    if (depth <= 0 && ends(token, tokens[at - 2])) break;
    at -= 1;
  }
  return tokens.slice(at).filter(({ kind }) => kind !== 'newline');
}

function ends({ kind, text }: RawToken, before: RawToken | undefined): boolean {
  if (text === '{' || text === '}') return true;
  if (kind !== 'newline') return false;
  return !/^(?:[-+*/%@<>=,]|<=|>=|==|!=|\+=|->|<-|and|or|not|as)$/.test(before?.text ?? '');
}

function chainBefore(tokens: readonly RawToken[]): readonly string[] {
  const parts: string[] = [];
  let at = tokens.length - 1;
  while (tokens[at]?.text === '.') {
    const part = tokens[at - 1];
    if (part === undefined || (part.kind === 'mark' && part.text !== '*')) return [];
    // `x#1.y`
    const versioned = tokens[at - 2]?.text === '#';
    parts.unshift((versioned ? tokens[at - 3] : part)?.text ?? '');
    at -= versioned ? 4 : 2;
  }
  return parts;
}

function openCall(tokens: readonly RawToken[], stack: readonly Open[]): OpenCall | undefined {
  const open = stack.findLast(({ kind, bracket }) => kind === '{' || bracket === 'call');
  if (open?.bracket !== 'call' || open.callee === undefined) return undefined;
  const given: RawToken[][] = [[]];
  let depth = 0;
  for (const token of tokens.slice(open.from)) {
    if (token.text === '(' || token.text === '[') depth += 1;
    if (token.text === ')' || token.text === ']') depth -= 1;
    if (depth === 0 && token.text === ',') given.push([]);
    else if (token.kind !== 'newline') given.at(-1)?.push(token);
  }
  const current = given.pop() ?? [];
  return {
    callee: open.callee,
    position: given.length,
    name: current[1]?.text === ':' ? current[0]?.text : undefined,
    given: given.map(argumentOf),
  };
}

function argumentOf(tokens: readonly RawToken[]): GivenArgument {
  const isNamed = tokens[1]?.text === ':';
  const [value, ...more] = isNamed ? tokens.slice(2) : tokens;
  const isName = value?.kind === 'word' && more.length === 0;
  return {
    name: isNamed ? tokens[0]?.text : undefined,
    value: isName ? value.text : undefined,
  };
}
