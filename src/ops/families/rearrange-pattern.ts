/** Patterns of einops: `b (h k) n -> b h n k`. */
import { t } from '@vscode/l10n';

/** One axis of a tensor: the names it is made of, outermost first (none for a literal 1), or the axes `...`. */
export type PatternAxis =
  | { readonly kind: 'group'; readonly names: readonly string[] }
  | { readonly kind: 'ellipsis' };

export interface RearrangePattern {
  readonly left: readonly PatternAxis[];
  readonly right: readonly PatternAxis[];
}

/** The pattern, or in a sentence what is wrong with it. */
export function readRearrange(text: string): RearrangePattern | { readonly problem: string } {
  const sides = text.split('->');
  if (sides.length !== 2) {
    return { problem: t`A pattern has one arrow, as in "a b -> b a", but this is "${text}".` };
  }
  const [left, right] = sides.map(readSide);
  if (left === undefined || right === undefined) {
    return { problem: t`The pattern "${text}" is not made of names, 1, ... and parentheses.` };
  }
  for (const side of [left, right]) {
    const twice = namesOf(side).find((name, i, names) => names.indexOf(name) !== i);
    if (twice !== undefined) {
      return { problem: t`The pattern "${text}" has "${twice}" twice on one side.` };
    }
  }
  const [before, after] = [namesOf(left), namesOf(right)];
  const lost = before.find((name) => !after.includes(name));
  const found = after.find((name) => !before.includes(name));
  if (lost !== undefined) {
    return {
      problem: t`Both sides of the pattern "${text}" need the same names, but "${lost}" is only on the left.`,
    };
  }
  if (found !== undefined) {
    return {
      problem: t`Both sides of the pattern "${text}" need the same names, but "${found}" is only on the right.`,
    };
  }
  return { left, right };
}

function readSide(text: string): readonly PatternAxis[] | undefined {
  const axis = /\(([^()]*)\)|(\.\.\.|…)|(\p{L}[\p{L}\p{N}_']*|_[\p{L}\p{N}_']+)|(1)|(\s+)/uy;
  const axes: PatternAxis[] = [];
  while (axis.lastIndex < text.length) {
    const match = axis.exec(text);
    if (match === null) return undefined;
    const [, group, ellipsis, name, one] = match;
    if (group !== undefined) {
      const inner = readSide(group);
      if (inner === undefined || inner.some(({ kind }) => kind === 'ellipsis')) return undefined;
      axes.push({ kind: 'group', names: namesOf(inner) });
    } else if (ellipsis !== undefined) axes.push({ kind: 'ellipsis' });
    else if (name !== undefined) axes.push({ kind: 'group', names: [name] });
    else if (one !== undefined) axes.push({ kind: 'group', names: [] });
  }
  return axes;
}

const ellipsisName = '...';

function namesOf(side: readonly PatternAxis[]): readonly string[] {
  return side.flatMap((axis) => (axis.kind === 'ellipsis' ? [ellipsisName] : axis.names));
}

/**
 * A side with `...` written out for a tensor of so many axes, as names that no pattern can have; undefined where the
 * side has another number of axes.
 */
export function groupsFor(
  side: readonly PatternAxis[],
  leading: number,
): readonly (readonly string[])[] {
  return side.flatMap((axis) =>
    axis.kind === 'group'
      ? [axis.names]
      : Array.from({ length: leading }, (_, i) => [`${ellipsisName}${i}`]),
  );
}

export function hasEllipsis(side: readonly PatternAxis[]): boolean {
  return side.some(({ kind }) => kind === 'ellipsis');
}
