/** What would have to hold for two lengths to agree: one dim in terms of the others. */
import {
  addDims,
  type Dim,
  differenceOf,
  displayName,
  divideDims,
  formatDim,
  literalDim,
  type Polynomial,
  symbolsOf,
  type Term,
} from '../dims/index.ts';
import { type DimFacts, expandDim } from './dim-facts.ts';

/** `symbol = definition`, which makes two lengths equal for all values. */
export interface Relation {
  readonly symbol: string;
  readonly definition: Dim;
}

/** Every dim that the two lengths mention, solved for; the simplest first. */
export function relationsOf(facts: DimFacts, a: Dim, b: Dim): readonly Relation[] {
  const written = solutions(differenceOf(a, b));
  const expanded = solutions(differenceOf(expandDim(facts, a), expandDim(facts, b)));
  const known = new Set(written.map(({ symbol }) => symbol));
  const all = [...written, ...expanded.filter(({ symbol }) => !known.has(symbol))];
  return all
    .filter(({ symbol, definition }) => !symbolsOf(expandDim(facts, definition)).includes(symbol))
    .sort((left, right) => formatDim(left.definition).length - formatDim(right.definition).length);
}

/** `d_k = d / heads`. */
export function relationText({ symbol, definition }: Relation): string {
  return `${displayName(symbol)} = ${formatDim(definition)}`;
}

/** The dim as the language writes it: `2 * d / heads`. */
export function writeDim(dim: Dim): string {
  return formatDim(dim).replaceAll('·', ' * ');
}

/** difference = 0 for each symbol in which it is linear: c·s + r = 0 is s = -r / c. */
function solutions(difference: Polynomial): readonly Relation[] {
  const symbols = new Set(difference.flatMap(({ factors }) => factors.map((f) => f.symbol)));
  return [...symbols].flatMap((symbol) => {
    const degree = (term: Term) =>
      term.factors.find((factor) => factor.symbol === symbol)?.exponent ?? 0;
    if (difference.some((term) => degree(term) > 1)) return [];
    const linear = difference.filter((term) => degree(term) === 1);
    const rest = difference.filter((term) => degree(term) === 0);
    const slope = linear.map(({ coefficient, factors }) => ({
      coefficient,
      factors: factors.filter((factor) => factor.symbol !== symbol),
    }));
    const negated = rest.map((term) => ({ ...term, coefficient: -term.coefficient }));
    const definition = divideDims(asDim(negated), asDim(slope));
    return definition !== undefined && isLength(definition) ? [{ symbol, definition }] : [];
  });
}

function asDim(polynomial: Polynomial): Dim {
  return addDims({ numerator: polynomial, denominator: literalDim(1).numerator }, literalDim(0));
}

/** Lengths are at least 1, so what is never positive is none. */
function isLength({ numerator }: Dim): boolean {
  return numerator.some(({ coefficient }) => coefficient > 0);
}
