/** Finds the pattern that turns one shape into another: axes in another order, merged or split. */
import {
  type Dim,
  displayName,
  productOfDims,
  sameDim,
  symbolDim,
  symbolsOf,
} from '../dims/index.ts';
import { type DimFacts, expandDim } from './dim-facts.ts';
import { writeDim } from './relations.ts';

/** More orders than of four axes nobody would recognise. */
const mostAxes = 4;

/** `"heads N d_k -> N (heads d_k)"` with the lengths that splitting needs, or undefined where no order of axes fits. */
export function rearrangement(
  facts: DimFacts,
  given: readonly Dim[],
  wanted: readonly Dim[],
): string | undefined {
  const splits = given.length < wanted.length;
  const [many, few] = splits ? [wanted, given] : [given, wanted];
  if (many.length > mostAxes || few.length === 0) return undefined;
  const groups = groupsOf(facts, many, few);
  if (groups === undefined) return undefined;
  const names = namesOf(many);
  const name = (axis: number) => names[axis] ?? '';
  const plain = many.map((_, axis) => name(axis)).join(' ');
  const grouped = groups
    .map((group) => (group.length === 1 ? name(group[0] ?? 0) : `(${group.map(name).join(' ')})`))
    .join(' ');
  if (plain === grouped) return undefined;
  if (!splits) return `"${plain} -> ${grouped}"`;
  // All lengths of a split axis but one must be said.
  const said = groups.flatMap((group) => group.slice(0, -1));
  const lengths = said.map((axis) => `, ${name(axis)}: ${writeDim(many[axis] as Dim)}`);
  return `"${grouped} -> ${plain}"${lengths.join('')}`;
}

/** For every axis of `few` the axes of `many` whose product it is; the order of the text where it fits. */
function groupsOf(
  facts: DimFacts,
  many: readonly Dim[],
  few: readonly Dim[],
): readonly (readonly number[])[] | undefined {
  const expanded = many.map((axis) => expandDim(facts, axis));
  const targets = few.map((axis) => expandDim(facts, axis));
  const search = (at: number, left: readonly number[]): (readonly number[])[] | undefined => {
    const target = targets[at];
    if (target === undefined) return left.length === 0 ? [] : undefined;
    for (const group of arrangements(left)) {
      const product = productOfDims(group.map((axis) => expanded[axis] as Dim));
      if (!sameDim(product, target)) continue;
      const rest = search(
        at + 1,
        left.filter((axis) => !group.includes(axis)),
      );
      if (rest !== undefined) return [group, ...rest];
    }
    return undefined;
  };
  return search(
    0,
    many.map((_, axis) => axis),
  );
}

/** Every ordered choice of at least one, the shorter ones first. */
function arrangements(items: readonly number[]): readonly (readonly number[])[] {
  const grow = (from: readonly (readonly number[])[]): readonly (readonly number[])[] =>
    from.flatMap((chosen) =>
      items.filter((item) => !chosen.includes(item)).map((item) => [...chosen, item]),
    );
  const result: (readonly number[])[] = [];
  for (let some = grow([[]]); some.length > 0; some = grow(some)) result.push(...some);
  return result;
}

/** The dims' own names where they are plain, letters where they are not. */
function namesOf(axes: readonly Dim[]): readonly string[] {
  const letters = 'abcdefgh';
  const names: string[] = [];
  for (const axis of axes) {
    const [symbol = ''] = symbolsOf(axis);
    const bare = symbol !== '' && sameDim(axis, symbolDim(symbol)) ? displayName(symbol) : '';
    const usable = /^\p{L}[\p{L}\p{N}_]*$/u.test(bare) && !names.includes(bare);
    const letter = [...letters].find((candidate) => !names.includes(candidate)) ?? 'z';
    names.push(usable ? bare : letter);
  }
  return names;
}
