import { type AstNode, AstUtils, type CstNode, GrammarAST, type RootCstNode } from 'langium';

/** Offsets in UTF-16 units; `end` is after the last one. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** Where the piece of text that a tree was parsed from begins in its file; moved when text before it changes. */
const starts = new WeakMap<RootCstNode, number>();

export function placeTree(root: RootCstNode, start: number): void {
  starts.set(root, start);
}

/**
 * Where a node, or one of its properties, is in the text. A property that is not written has the range of its node, and a
 * node that is missing has the empty range at the end of the node around it.
 * @param index which value of a property that is a list.
 */
export function rangeOf(node: AstNode, property?: string, index?: number): TextRange {
  const cst = node.$cstNode;
  if (cst === undefined) {
    const end = node.$container === undefined ? 0 : rangeOf(node.$container).end;
    return { start: end, end };
  }
  const found = property === undefined ? cst : nodeOfProperty(cst, node, property, index ?? 0);
  const { start, end } = rangeInPiece(found ?? cst);
  const from = starts.get(cst.root) ?? 0;
  return { start: from + start, end: from + end };
}

/** Kept, because a node is asked for its place by everything that names it, and finds it by descending to its tokens. */
const rangesInPieces = new WeakMap<CstNode, TextRange>();

function rangeInPiece(cst: CstNode): TextRange {
  const known = rangesInPieces.get(cst);
  if (known !== undefined) return known;
  const range = { start: cst.offset, end: cst.end };
  rangesInPieces.set(cst, range);
  return range;
}

/** What was read as a property of a node: where that is a list, the `index`th, or the last where there are fewer. */
function nodeOfProperty(
  cst: CstNode,
  node: AstNode,
  property: string,
  index: number,
): CstNode | undefined {
  let passed = 0;
  let last: CstNode | undefined;
  const search = (within: CstNode): CstNode | undefined => {
    if (!('content' in within) || within.astNode !== node) return undefined;
    for (const child of within.content as readonly CstNode[]) {
      if (propertyOf(child) !== property) {
        const found = search(child);
        if (found !== undefined) return found;
        continue;
      }
      if (passed === index) return child;
      passed += 1;
      last = child;
    }
    return undefined;
  };
  return search(cst) ?? last;
}

/** The properties that the parts of the grammar assign. */
const properties = new WeakMap<AstNode, string>();

function propertyOf({ grammarSource: part }: CstNode): string {
  if (part === undefined) return '';
  const known = properties.get(part);
  if (known !== undefined) return known;
  const property = AstUtils.getContainerOfType(part, GrammarAST.isAssignment)?.feature ?? '';
  properties.set(part, property);
  return property;
}

/**
 * Whether a syntax error is in a node or behind it on its last line. Such a node may lack parts that its author wrote
 * (arguments, for instance), so nothing should be concluded from what it lacks.
 */
export function hasSyntaxError(node: AstNode, errors: readonly TextRange[]): boolean {
  const root = node.$cstNode?.root;
  if (errors.length === 0 || root === undefined) {
    return false;
  }
  const { start, end } = rangeOf(node);
  const offset = starts.get(root) ?? 0;
  const newline = root.fullText.indexOf('\n', end - offset);
  const last = offset + (newline < 0 ? root.fullText.length : newline);
  return errors.some((error) => error.start <= last && error.end >= start);
}

/** The node as written; empty for what is missing. */
export function textOf(node: AstNode): string {
  return node.$cstNode?.text ?? '';
}

/** The `///` lines directly above a node, without the slashes. */
export function documentationOf(node: AstNode): string | undefined {
  const cst = node.$cstNode;
  if (cst === undefined) {
    return undefined;
  }
  const text = cst.root.fullText;
  const above = text.slice(0, rangeInPiece(cst).start).split(/\r\n|\n|\r/);
  if (above.pop()?.trim() !== '') {
    return undefined;
  }
  const lines: string[] = [];
  for (let line = above.pop()?.trim(); line?.startsWith('///'); line = above.pop()?.trim()) {
    lines.unshift(line.replace(/^\/\/\/+ ?/, ''));
  }
  return lines.length === 0 ? undefined : lines.join('\n');
}

/** What a `//` directly behind a node says of it: `d = 4  // width of the stream`. */
export function remarkOf(node: AstNode): string | undefined {
  const cst = node.$cstNode;
  if (cst === undefined) return undefined;
  const behind = cst.root.fullText.slice(rangeInPiece(cst).end);
  return /^[ \t]*,?[ \t]*\/\/+[ \t]*([^\r\n]*\S)/.exec(behind)?.[1];
}
