/**
 * The formatter. It moves tokens within their lines and never from one line to another: indentation, spaces, blank lines.
 * What its author aligned stays aligned. A declaration with a syntax error is left as it is.
 */
import { layOut } from './layout.ts';
import { LineMap } from './line-map.ts';
import { parseProgram } from './parse.ts';
import { scan } from './scanner.ts';
import { type Bracket, isComment, type PlacedToken, spacesBetween } from './spacing.ts';
import { continuesLine } from './words.ts';

/** A piece of text to be replaced. */
export interface TextChange {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text as it should look; the same text where it does already. */
export function formatted(text: string): string {
  let result = '';
  let at = 0;
  for (const { start, end, text: replacement } of formatChanges(text)) {
    result += text.slice(at, start) + replacement;
    at = end;
  }
  return result + text.slice(at);
}

/** What is to be changed, each within a line or a whole one, in the order of the text. */
export function formatChanges(text: string): readonly TextChange[] {
  const lines = linesOf(text);
  const kept = brokenLines(text);
  align(lines.filter((_, i) => !kept.has(i)));
  const changes = lines.flatMap((line, i) => (kept.has(i) ? [] : changesIn(text, line)));
  const blank = lines.flatMap((line, i) =>
    isSuperfluous(lines, i) && !kept.has(i)
      ? [{ start: line.start, end: line.next, text: '' }]
      : [],
  );
  const last = lines.at(-1);
  const needsEnd = last !== undefined && last.tokens.length > 0 && last.next === last.end;
  const ending = needsEnd ? [{ start: text.length, end: text.length, text: '\n' }] : [];
  return [...changes, ...blank, ...ending].sort((a, b) => a.start - b.start || a.end - b.end);
}

interface Line {
  readonly start: number;
  /** Before the newline. */
  readonly end: number;
  readonly next: number;
  readonly tokens: readonly PlacedToken[];
  readonly indent: number;
  /** Begins within a comment that is left as it is. */
  readonly isComment: boolean;
  /** Spaces before each token but the first. */
  readonly gaps: number[];
}

// ---------------------------------------------------------------- lines and indentation

function linesOf(text: string): readonly Line[] {
  const map = new LineMap(text);
  const tokens = placedTokens(text);
  const byLine = new Map<number, PlacedToken[]>();
  const inComment = new Set<number>();
  for (const token of tokens) {
    const { line } = map.positionAt(token.start);
    byLine.set(line, [...(byLine.get(line) ?? []), token]);
    const last = map.positionAt(token.start + token.text.length).line;
    for (let inner = line + 1; inner <= last; inner += 1) inComment.add(inner);
  }
  const indents = new Indents();
  return Array.from({ length: map.lineCount }, (_, i): Line => {
    const start = map.offsetAt({ line: i, character: 0 });
    const next = i + 1 < map.lineCount ? map.offsetAt({ line: i + 1, character: 0 }) : text.length;
    const end = start + text.slice(start, next).replace(/[\r\n]+$/, '').length;
    const own = byLine.get(i) ?? [];
    const indent = indents.next(own);
    return {
      start,
      end,
      next,
      tokens: own,
      indent,
      isComment: inComment.has(i),
      gaps: gapsIn(own),
    };
  });
}

/** How far lines are indented, in steps. */
class Indents {
  readonly #open: { readonly indent: number; readonly brace: boolean }[] = [];
  #last: PlacedToken | undefined;
  #statement = 0;

  next(tokens: readonly PlacedToken[]): number {
    const code = tokens.filter((token) => !isComment(token));
    const [first] = code;
    const inner = this.#open.at(-1);
    const level = inner === undefined ? 0 : inner.indent + 1;
    const closes = first !== undefined && /^[)\]}]$/.test(first.text);
    // A line that an operator at the end of the one before continues.
    const continues =
      (inner === undefined || inner.brace) &&
      this.#last !== undefined &&
      this.#last.text !== ',' &&
      continuesLine(this.#last.type) &&
      !(this.#last.type === '*' && this.#last.opener !== '*');
    const own = closes ? (inner?.indent ?? 0) : level + (continues ? 1 : 0);
    if (!continues) this.#statement = own;
    for (const { text } of code) this.#follow(text, continues ? this.#statement : own);
    this.#last = code.at(-1) ?? this.#last;
    return own;
  }

  #follow(text: string, indent: number): void {
    if (/^[([{]$/.test(text)) {
      this.#open.push({ indent, brace: text === '{' });
    } else if (/^[)\]}]$/.test(text)) this.#open.pop();
  }
}

function placedTokens(text: string): readonly PlacedToken[] {
  const { tokens, comments } = scan(text);
  const laid = layOut(tokens).tokens.filter((token) => !token.virtual && token.text.trim() !== '');
  const stack: (Bracket | undefined)[] = [];
  let opener = '';
  let fresh = true;
  let line = 0;
  const starts = new LineMap(text);
  const placed = laid.map((token, i): PlacedToken => {
    const now = starts.positionAt(token.start).line;
    const bracketed = stack.at(-1) !== undefined;
    if (now !== line && !bracketed) fresh = true;
    line = now;
    if (fresh) opener = token.type;
    fresh = token.text === '{' || token.text === '}';
    const around = stack.at(-1);
    if (/^[)\]}]$/.test(token.text)) stack.pop();
    if (token.text === '{') stack.push(undefined);
    if (token.text === '(' || token.text === '[') stack.push(bracketOf(laid, i, opener));
    return { ...token, bracket: around, opener };
  });
  const remarks = comments.map(
    ({ kind, text: remark, start }): PlacedToken => ({
      ...{ type: kind, text: remark, start, bracket: undefined, opener: '' },
    }),
  );
  return [...placed, ...remarks].sort((a, b) => a.start - b.start);
}

function bracketOf(
  tokens: readonly { readonly type: string; readonly text: string }[],
  at: number,
  opener: string,
): Bracket {
  const before = tokens[at - 1];
  if (tokens[at]?.text === '(') {
    if (opener === 'block' && tokens[at - 2]?.type === 'block') return 'parameters';
    return before?.type === 'CALLEE' ? 'call' : 'group';
  }
  if (opener === 'run' && tokens[at - 2]?.type === 'run') return 'family';
  if (before?.text === ':' || before?.text === '->' || before?.type === 'int') return 'shape';
  return /^(?:NAME|CALLEE|STRING|INT|\)|\]|\*)$/.test(before?.type ?? '') ? 'index' : 'list';
}

function gapsIn(tokens: readonly PlacedToken[]): number[] {
  return tokens.slice(1).map((token, i) => {
    const before = tokens[i];
    if (before === undefined) return 0;
    const written = token.start - before.start - before.text.length;
    return spacesBetween(before, token, tokens[i - 1], written);
  });
}

// ---------------------------------------------------------------- what is aligned

/** What stands below one another in lines that follow each other stays so. */
function align(lines: readonly Line[]): void {
  for (const group of groupsOfSigns(lines)) alignSigns(group);
  // After the signs, which move the comments behind them.
  for (const paragraph of paragraphsOf(lines)) alignRemarks(paragraph);
}

/** `=`, `<-` and `+=` in one column. */
function groupsOfSigns(lines: readonly Line[]): readonly (readonly Aligned[])[] {
  const groups: Aligned[][] = [];
  for (const line of lines) {
    const found = separatorIn(line, ['=', '<-', '+=']);
    const last = groups.at(-1)?.at(-1);
    if (found === undefined) continue;
    if (last?.line.next === line.start && last.column === found.column) groups.at(-1)?.push(found);
    else groups.push([found]);
  }
  return groups;
}

/** Lines of one indentation without a blank one between them. */
function paragraphsOf(lines: readonly Line[]): readonly (readonly Line[])[] {
  const paragraphs: Line[][] = [];
  for (const line of lines) {
    if (line.tokens.length === 0) continue;
    const last = paragraphs.at(-1)?.at(-1);
    if (last?.next === line.start && last.indent === line.indent) paragraphs.at(-1)?.push(line);
    else paragraphs.push([line]);
  }
  return paragraphs;
}

interface Aligned {
  readonly line: Line;
  /** Index of the separator among the tokens. */
  readonly index: number;
  /** Where it stands now. */
  readonly column: number;
}

function separatorIn(line: Line, separators: readonly string[]): Aligned | undefined {
  const index = line.tokens.findIndex(
    ({ type, bracket }, i) => i > 0 && separators.includes(type) && bracket === undefined,
  );
  const token = line.tokens[index];
  if (token === undefined || line.isComment) return undefined;
  return { line, index, column: token.start - line.start };
}

function alignSigns(group: readonly Aligned[]): void {
  if (group.length < 2) return;
  const wanted = Math.max(...group.map(widthBefore)) + 1;
  for (const each of group) moveTo(each, wanted);
}

/** Comments join the column that most of them have, as far as their code leaves it free; else they keep their own. */
function alignRemarks(paragraph: readonly Line[]): void {
  const remarks = paragraph.flatMap(
    (line) => separatorIn(line, ['LINE_COMMENT', 'DOC_COMMENT']) ?? [],
  );
  const common = commonColumn(remarks);
  const group = remarks.filter(({ column }) => column === common);
  const wanted = Math.max(common ?? 0, ...group.map((each) => widthBefore(each) + room));
  for (const each of remarks) {
    const least = widthBefore(each) + room;
    const fits = common !== undefined && least <= wanted;
    moveTo(each, fits ? wanted : Math.max(each.column, least));
  }
}

/** Before a comment. */
const room = 2;

/** Undefined where no two have the same. */
function commonColumn(remarks: readonly Aligned[]): number | undefined {
  const columns = remarks.map(({ column }) => column);
  const countOf = (wanted: number) => columns.filter((column) => column === wanted).length;
  const most = Math.max(0, ...columns.map(countOf));
  return most < 2 ? undefined : columns.find((column) => countOf(column) === most);
}

function moveTo(aligned: Aligned, column: number): void {
  aligned.line.gaps[aligned.index - 1] = column - widthBefore(aligned);
}

/** Where the token before ends, once the line is formatted. */
function widthBefore({ line: { tokens, gaps, indent }, index }: Aligned): number {
  return tokens
    .slice(0, index)
    .reduce((sum, { text }, i) => sum + text.length + (i > 0 ? (gaps[i - 1] ?? 0) : 0), 2 * indent);
}

// ---------------------------------------------------------------- changes

/** Blank lines: one between statements, none at the beginning and the end of braces and of the file. */
function isSuperfluous(lines: readonly Line[], i: number): boolean {
  const line = lines[i];
  if (line === undefined || line.tokens.length > 0 || line.isComment || line.start === line.next) {
    return false;
  }
  const before = lines[i - 1];
  if (before === undefined || before.tokens.at(-1)?.text === '{') return true;
  if (before.tokens.length === 0 && !before.isComment) return true;
  const after = lines.slice(i).find(({ tokens }) => tokens.length > 0);
  return after === undefined || after.tokens[0]?.text === '}';
}

function changesIn(text: string, line: Line): readonly TextChange[] {
  const { tokens, gaps, indent, start, end, isComment: inComment } = line;
  const [first] = tokens;
  const last = tokens.at(-1);
  if (first === undefined || last === undefined) {
    return inComment ? [] : changeOf(text, start, end, '');
  }
  const between = tokens.slice(1).flatMap((token, i) => {
    const before = tokens[i];
    if (before === undefined) return [];
    return changeOf(text, before.start + before.text.length, token.start, ' '.repeat(gaps[i] ?? 1));
  });
  const lead = inComment ? [] : changeOf(text, start, first.start, '  '.repeat(indent));
  const tail = last.start + last.text.length;
  // A comment of several lines ends in another one.
  const rest = tail <= end ? changeOf(text, tail, end, '') : [];
  return [...lead, ...between, ...rest];
}

function changeOf(
  text: string,
  start: number,
  end: number,
  replacement: string,
): readonly TextChange[] {
  return text.slice(start, end) === replacement ? [] : [{ start, end, text: replacement }];
}

/** Lines of declarations that do not parse. */
function brokenLines(text: string): ReadonlySet<number> {
  const map = new LineMap(text);
  const broken = new Set<number>();
  for (const { start, text: piece, problems } of parseProgram(text).pieces) {
    if (problems.length === 0) continue;
    const [first, last] = [
      map.positionAt(start).line,
      map.positionAt(start + piece.length - 1).line,
    ];
    for (let line = first; line <= last; line += 1) broken.add(line);
  }
  return broken;
}
