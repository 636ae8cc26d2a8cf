/** What is known of the dims while a program is checked, and the four verdicts on two lengths (LANGUAGE §9). */
import {
  type Dim,
  type DimValue,
  differenceOf,
  evaluateDim,
  literalDim,
  type Polynomial,
  sameDim,
  substituteDim,
  symbolDim,
} from '../dims/index.ts';

export interface DimFacts {
  /** `d_ff = 4 * d`, and the equations of `where` solved for one dim. */
  readonly definitions: ReadonlyMap<string, Dim>;
  /** Plain values, as declared or overridden. */
  readonly values: ReadonlyMap<string, number>;
}

/**
 * `equal`: for all values; `unequal`: for none, or not for the current ones; `coincidence`: for the current values
 * only; `undecided`: depends on dims without a value.
 */
export type Comparison =
  | { readonly kind: 'equal' }
  | { readonly kind: 'unequal'; readonly always: boolean }
  | { readonly kind: 'coincidence'; readonly value: number }
  | { readonly kind: 'undecided'; readonly free: readonly string[] };

export const noFacts: DimFacts = { definitions: new Map(), values: new Map() };

export function compareDims(facts: DimFacts, a: Dim, b: Dim): Comparison {
  const [left, right] = [expandDim(facts, a), expandDim(facts, b)];
  if (sameDim(left, right)) return { kind: 'equal' };
  if (neverZero(differenceOf(left, right))) return { kind: 'unequal', always: true };
  const [leftNow, rightNow] = [fillIn(facts, left), fillIn(facts, right)];
  const difference = differenceOf(leftNow, rightNow);
  if (difference.length === 0) return { kind: 'coincidence', value: numberOf(facts, a) ?? 0 };
  if (neverZero(difference)) return { kind: 'unequal', always: false };
  const free = freeSymbols([leftNow, rightNow]);
  return free.length === 0 ? { kind: 'unequal', always: false } : { kind: 'undecided', free };
}

/** The dim in terms of dims that have no definition. */
export const expandDim = remembered((facts: DimFacts, dim: Dim): Dim => {
  // Definitions form no circle (checked where they are declared), so this ends.
  return (
    substituteDim(dim, (symbol) => {
      const definition = facts.definitions.get(symbol);
      return definition && expandDim(facts, definition);
    }) ?? dim
  );
});

export const evaluateWith = remembered(
  (facts: DimFacts, dim: Dim): DimValue =>
    evaluateDim(expandDim(facts, dim), (symbol) => facts.values.get(symbol)),
);

/** The layers of a model have the same dims, and each of them is looked at for every value. */
function remembered<Result>(
  find: (facts: DimFacts, dim: Dim) => Result,
): (facts: DimFacts, dim: Dim) => Result {
  const known = new WeakMap<DimFacts, WeakMap<Dim, Result>>();
  return (facts, dim) => {
    const found = known.get(facts) ?? new WeakMap<Dim, Result>();
    known.set(facts, found);
    const before = found.get(dim);
    if (before !== undefined) return before;
    const result = find(facts, dim);
    found.set(dim, result);
    return result;
  };
}

/** The length now, where every dim in it has a value and divisions leave no remainder. */
export function numberOf(facts: DimFacts, dim: Dim): number | undefined {
  const value = evaluateWith(facts, dim);
  return value.kind === 'value' ? value.value : undefined;
}

function fillIn(facts: DimFacts, dim: Dim): Dim {
  const filled = substituteDim(dim, (symbol) => {
    const value = facts.values.get(symbol);
    return value === undefined ? undefined : literalDim(value);
  });
  return filled ?? dim;
}

/** Dims are at least 1, so a difference whose terms all have one sign cannot vanish. */
function neverZero(difference: Polynomial): boolean {
  const positive = difference.filter((term) => term.coefficient > 0).length;
  return difference.length > 0 && (positive === 0 || positive === difference.length);
}

function freeSymbols(dims: readonly Dim[]): readonly string[] {
  const terms = dims.flatMap((dim) => [...dim.numerator, ...dim.denominator]);
  return [...new Set(terms.flatMap((term) => term.factors.map(({ symbol }) => symbol)))];
}

/** The definition that `left == right` gives to one of its dims, where the equation is linear in one. */
export function solveEquation(
  left: Dim,
  right: Dim,
): { readonly symbol: string; readonly definition: Dim } | undefined {
  for (const [side, other] of [
    [left, right],
    [right, left],
  ] as const) {
    for (const symbol of freeSymbols([side])) {
      if (sameDim(side, symbolDim(symbol)) && !freeSymbols([other]).includes(symbol)) {
        return { symbol, definition: other };
      }
    }
  }
  return undefined;
}
