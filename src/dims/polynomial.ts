/**
 * Polynomials with integer coefficients in named symbols: the numerators and denominators of dimensions.
 * A polynomial is a list of terms with distinct monomials, none with coefficient 0; zero is the empty list.
 */

/** coefficient · Π symbol^exponent, the factors sorted by symbol, every exponent at least 1. */
export interface Term {
  readonly coefficient: number;
  readonly factors: readonly Factor[];
}

export interface Factor {
  readonly symbol: string;
  readonly exponent: number;
}

export type Polynomial = readonly Term[];

export const zero: Polynomial = [];
export const one: Polynomial = [{ coefficient: 1, factors: [] }];

export function constantPolynomial(value: number): Polynomial {
  return value === 0 ? zero : [{ coefficient: value, factors: [] }];
}

export function symbolPolynomial(symbol: string): Polynomial {
  return [{ coefficient: 1, factors: [{ symbol, exponent: 1 }] }];
}

export function addPolynomials(a: Polynomial, b: Polynomial): Polynomial {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  return collect([...a, ...b]);
}

export function scalePolynomial(a: Polynomial, by: number): Polynomial {
  return by === 0 ? zero : a.map((term) => ({ ...term, coefficient: term.coefficient * by }));
}

export function subtractPolynomials(a: Polynomial, b: Polynomial): Polynomial {
  return addPolynomials(a, scalePolynomial(b, -1));
}

export function multiplyPolynomials(a: Polynomial, b: Polynomial): Polynomial {
  if (isOne(a)) return b;
  if (isOne(b)) return a;
  return collect(a.flatMap((left) => b.map((right) => multiplyTerms(left, right))));
}

/** a / b where b divides a without remainder, else undefined. Multivariate long division in lexicographic order. */
export function dividePolynomials(a: Polynomial, b: Polynomial): Polynomial | undefined {
  // Nearly every division: lengths are seldom fractions.
  if (isOne(b)) return inOrder(a);
  const leader = leadingTerm(b);
  if (leader === undefined) return undefined;
  let quotient = zero;
  let rest = a;
  // Every step removes the leading monomial, so the leaders strictly decrease and the loop ends.
  for (let top = leadingTerm(rest); top !== undefined; top = leadingTerm(rest)) {
    const step = divideTerms(top, leader);
    if (step === undefined) return undefined;
    quotient = addPolynomials(quotient, [step]);
    rest = subtractPolynomials(rest, multiplyPolynomials([step], b));
  }
  return quotient;
}

/** The largest term that divides every term of all the polynomials: their common integer and symbols. */
export function commonTerm(polynomials: readonly Polynomial[]): Term {
  const terms = polynomials.flat();
  const first = terms[0];
  if (first === undefined) return { coefficient: 1, factors: [] };
  const coefficient = terms.reduce((gcd, term) => greatestCommonDivisor(gcd, term.coefficient), 0);
  const factors = first.factors
    .map(({ symbol }) => ({
      symbol,
      exponent: Math.min(...terms.map((term) => exponentOf(term, symbol))),
    }))
    .filter(({ exponent }) => exponent > 0);
  return { coefficient, factors };
}

/** The value where the polynomial has no symbols, else undefined. */
export function constantOf(polynomial: Polynomial): number | undefined {
  if (polynomial.length === 0) return 0;
  const [only] = polynomial;
  return polynomial.length === 1 && only?.factors.length === 0 ? only.coefficient : undefined;
}

function isOne(polynomial: Polynomial): boolean {
  return constantOf(polynomial) === 1;
}

/** Terms as a division leaves them, the leading one first. */
function inOrder(polynomial: Polynomial): Polynomial {
  if (polynomial.length < 2) return polynomial;
  return [...polynomial].sort((a, b) => (precedes(a, b) ? -1 : 1));
}

function collect(terms: readonly Term[]): Polynomial {
  const byMonomial = new Map<string, Term>();
  for (const term of terms) {
    const key = monomialKey(term);
    const sum = (byMonomial.get(key)?.coefficient ?? 0) + term.coefficient;
    byMonomial.set(key, { coefficient: sum, factors: term.factors });
  }
  return [...byMonomial.values()].filter((term) => term.coefficient !== 0);
}

function monomialKey(term: Term): string {
  return term.factors.map(({ symbol, exponent }) => `${symbol}^${exponent}`).join('*');
}

function multiplyTerms(a: Term, b: Term): Term {
  const exponents = new Map(a.factors.map(({ symbol, exponent }) => [symbol, exponent]));
  for (const { symbol, exponent } of b.factors) {
    exponents.set(symbol, (exponents.get(symbol) ?? 0) + exponent);
  }
  return { coefficient: a.coefficient * b.coefficient, factors: sortedFactors(exponents) };
}

function divideTerms(a: Term, b: Term): Term | undefined {
  if (a.coefficient % b.coefficient !== 0) return undefined;
  const exponents = new Map(a.factors.map(({ symbol, exponent }) => [symbol, exponent]));
  for (const { symbol, exponent } of b.factors) {
    const left = (exponents.get(symbol) ?? 0) - exponent;
    if (left < 0) return undefined;
    exponents.set(symbol, left);
  }
  return { coefficient: a.coefficient / b.coefficient, factors: sortedFactors(exponents) };
}

function sortedFactors(exponents: ReadonlyMap<string, number>): Factor[] {
  return [...exponents]
    .filter(([, exponent]) => exponent > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([symbol, exponent]) => ({ symbol, exponent }));
}

function leadingTerm(polynomial: Polynomial): Term | undefined {
  return polynomial.reduce<Term | undefined>(
    (best, term) => (best === undefined || precedes(term, best) ? term : best),
    undefined,
  );
}

/** Lexicographic: of the first symbol in which they differ the one that comes first has more. */
function precedes(a: Term, b: Term): boolean {
  for (const [i, own] of a.factors.entries()) {
    const other = b.factors[i];
    if (other === undefined || own.symbol < other.symbol) return true;
    if (own.symbol > other.symbol) return false;
    if (own.exponent !== other.exponent) return own.exponent > other.exponent;
  }
  return false;
}

function exponentOf(term: Term, symbol: string): number {
  return term.factors.find((factor) => factor.symbol === symbol)?.exponent ?? 0;
}

function greatestCommonDivisor(a: number, b: number): number {
  let [x, y] = [Math.abs(a), Math.abs(b)];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}
