import type { Expression, Name, Path, PathSegment } from './generated/ast.ts';
import { textOf } from './ranges.ts';

/** A part of a path, as it is written: `blocks`, `3`, `*`, `[l]`, each with or without `#version`. */
export type PathPart = Name | PathSegment;

/**
 * The parts of a path: of a Path, or of an expression that is nothing but names and points (`blocks.3.attn.z#0`).
 * Any other expression has none.
 */
export function pathPartsOf(path: Path | Expression): readonly PathPart[] | undefined {
  if (path.$type === 'Path') {
    return path.segments;
  }
  const parts: PathPart[] = [];
  let rest: Expression = path;
  while (rest.$type === 'Member') {
    parts.unshift(rest.segment);
    rest = rest.receiver;
  }
  return rest.$type === 'Name' ? [rest, ...parts] : undefined;
}

/**
 * A path as text, without blanks; undefined for an expression that is no path.
 * @param indexText what stands for `[l]`
 */
export function pathText(
  path: Path | Expression,
  indexText = (index: Expression) => `[${textOf(index)}]`,
): string | undefined {
  return pathPartsOf(path)
    ?.map((part) => partText(part, indexText))
    .join('.');
}

function partText(part: PathPart, indexText: (index: Expression) => string): string {
  const version = part.version === undefined ? '' : `#${part.version}`;
  switch (part.$type) {
    case 'Name':
    case 'NameSegment':
      return part.name + version;
    case 'IndexSegment':
      return `${part.index}${version}`;
    case 'EverySegment':
      return `*${version}`;
    case 'ComputedSegment':
      return `${indexText(part.value)}${version}`;
  }
}
