/**
 * Dimensions: lengths of axes as exact rational functions of named dims, `4·d`, `d / heads`, `N - 1`.
 * Two dims that are equal for all values of their symbols compare as equal, however they were written.
 */
import {
  addPolynomials,
  commonTerm,
  constantOf,
  constantPolynomial,
  dividePolynomials,
  multiplyPolynomials,
  one,
  type Polynomial,
  scalePolynomial,
  subtractPolynomials,
  symbolPolynomial,
  type Term,
} from './polynomial.ts';

/** numerator / denominator without a common term; the denominator is never zero. */
export interface Dim {
  readonly numerator: Polynomial;
  readonly denominator: Polynomial;
}

/** What a dim is worth under given values: a number, a division that leaves a remainder, or not known yet. */
export type DimValue =
  | { readonly kind: 'value'; readonly value: number }
  | { readonly kind: 'inexact'; readonly dividend: number; readonly divisor: number }
  | { readonly kind: 'free'; readonly symbols: readonly string[] };

export function literalDim(value: number): Dim {
  return { numerator: constantPolynomial(value), denominator: one };
}

export function symbolDim(name: string): Dim {
  return { numerator: symbolPolynomial(name), denominator: one };
}

export function addDims(a: Dim, b: Dim): Dim {
  return reduced(
    addPolynomials(
      multiplyPolynomials(a.numerator, b.denominator),
      multiplyPolynomials(b.numerator, a.denominator),
    ),
    multiplyPolynomials(a.denominator, b.denominator),
  );
}

export function subtractDims(a: Dim, b: Dim): Dim {
  return addDims(a, { ...b, numerator: scalePolynomial(b.numerator, -1) });
}

export function multiplyDims(a: Dim, b: Dim): Dim {
  return reduced(
    multiplyPolynomials(a.numerator, b.numerator),
    multiplyPolynomials(a.denominator, b.denominator),
  );
}

/** The exact quotient; undefined where the divisor is the constant 0. */
export function divideDims(a: Dim, b: Dim): Dim | undefined {
  if (b.numerator.length === 0) return undefined;
  return reduced(
    multiplyPolynomials(a.numerator, b.denominator),
    multiplyPolynomials(a.denominator, b.numerator),
  );
}

export function productOfDims(dims: readonly Dim[]): Dim {
  return dims.reduce(multiplyDims, literalDim(1));
}

/** Equal for all values of the symbols. */
export function sameDim(a: Dim, b: Dim): boolean {
  return differenceOf(a, b).length === 0;
}

/** a − b over a common denominator: zero exactly where the two agree. */
export function differenceOf(a: Dim, b: Dim): Polynomial {
  return subtractPolynomials(
    multiplyPolynomials(a.numerator, b.denominator),
    multiplyPolynomials(b.numerator, a.denominator),
  );
}

/** The integer where the dim has no symbols and no remainder, else undefined. */
export function literalOf(dim: Dim): number | undefined {
  const numerator = constantOf(dim.numerator);
  const denominator = constantOf(dim.denominator);
  if (numerator === undefined || denominator === undefined) return undefined;
  return numerator % denominator === 0 ? numerator / denominator : undefined;
}

/** The symbols in the order in which they first appear. */
export function symbolsOf(dim: Dim): readonly string[] {
  const known = symbols.get(dim);
  if (known !== undefined) return known;
  const terms = [...dim.numerator, ...dim.denominator];
  const found = [...new Set(terms.flatMap((term) => term.factors.map(({ symbol }) => symbol)))];
  symbols.set(dim, found);
  return found;
}

/** A dim is part of many shapes, and what to do with it is asked of its symbols first. */
const symbols = new WeakMap<Dim, readonly string[]>();

/** Replaces symbols by dims; a symbol for which nothing is given stays. Undefined where a divisor becomes 0. */
export function substituteDim(
  dim: Dim,
  replacement: (symbol: string) => Dim | undefined,
): Dim | undefined {
  if (!symbolsOf(dim).some((symbol) => replacement(symbol) !== undefined)) return dim;
  return divideDims(
    substitutePolynomial(dim.numerator, replacement),
    substitutePolynomial(dim.denominator, replacement),
  );
}

export function evaluateDim(dim: Dim, lookup: (symbol: string) => number | undefined): DimValue {
  const free = symbolsOf(dim).filter((symbol) => lookup(symbol) === undefined);
  if (free.length > 0) return { kind: 'free', symbols: free };
  const dividend = evaluatePolynomial(dim.numerator, lookup);
  const divisor = evaluatePolynomial(dim.denominator, lookup);
  if (divisor === 0 || dividend % divisor !== 0) return { kind: 'inexact', dividend, divisor };
  return { kind: 'value', value: dividend / divisor };
}

/** The symbol of a dim that is local to a block: its generics and its `dim` parameters. */
export function localSymbol(owner: string, name: string): string {
  return `${owner}/${name}`;
}

/** The name that the program's author gave a symbol. */
export function displayName(symbol: string): string {
  return symbol.slice(symbol.lastIndexOf('/') + 1);
}

/** `4·d`, `d / heads`, `(N + 1)·d`; the constant of a sum last. */
export function formatDim(dim: Dim): string {
  const numerator = formatPolynomial(dim.numerator);
  if (constantOf(dim.denominator) === 1) return numerator;
  const denominator = formatPolynomial(dim.denominator);
  return `${grouped(numerator, dim.numerator.length > 1)} / ${grouped(denominator, /[ ·]/.test(denominator))}`;
}

export function formatPolynomial(polynomial: Polynomial): string {
  if (polynomial.length === 0) return '0';
  const [first, ...rest] = [...polynomial].sort((a, b) => rank(b) - rank(a)) as [Term, ...Term[]];
  return rest.reduce(
    (text, term) =>
      `${text} ${term.coefficient < 0 ? '-' : '+'} ${formatTerm(term, Math.abs(term.coefficient))}`,
    formatTerm(first, first.coefficient),
  );
}

function rank(term: Term): number {
  return (term.coefficient > 0 ? 1000 : 0) + term.factors.reduce((sum, f) => sum + f.exponent, 0);
}

function formatTerm(term: Term, coefficient: number): string {
  const symbols = term.factors.flatMap(({ symbol, exponent }) =>
    Array<string>(exponent).fill(displayName(symbol)),
  );
  if (symbols.length === 0) return `${coefficient}`;
  const product = symbols.join('·');
  if (coefficient === 1) return product;
  return coefficient === -1 ? `-${product}` : `${coefficient}·${product}`;
}

function grouped(text: string, needed: boolean): string {
  return needed ? `(${text})` : text;
}

function reduced(numerator: Polynomial, denominator: Polynomial): Dim {
  const exact = dividePolynomials(numerator, denominator);
  if (exact !== undefined) return { numerator: exact, denominator: one };
  const common = commonTerm([numerator, denominator]);
  const sign = (denominator[0]?.coefficient ?? 1) < 0 ? -1 : 1;
  const divisor: Polynomial = [{ ...common, coefficient: common.coefficient * sign }];
  return {
    numerator: dividePolynomials(numerator, divisor) ?? numerator,
    denominator: dividePolynomials(denominator, divisor) ?? denominator,
  };
}

function substitutePolynomial(
  polynomial: Polynomial,
  replacement: (symbol: string) => Dim | undefined,
): Dim {
  return polynomial
    .map((term) =>
      term.factors
        .flatMap(({ symbol, exponent }) =>
          Array<Dim>(exponent).fill(replacement(symbol) ?? symbolDim(symbol)),
        )
        .reduce(multiplyDims, literalDim(term.coefficient)),
    )
    .reduce(addDims, literalDim(0));
}

function evaluatePolynomial(
  polynomial: Polynomial,
  lookup: (symbol: string) => number | undefined,
): number {
  return polynomial.reduce(
    (sum, term) =>
      sum +
      term.factors.reduce(
        (product, { symbol, exponent }) => product * (lookup(symbol) ?? Number.NaN) ** exponent,
        term.coefficient,
      ),
    0,
  );
}
