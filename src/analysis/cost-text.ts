/** Costs as texts: `12·L·d² = 85.0 M parameters`. */
import { t } from '@vscode/l10n';
import { addDims, type Dim, displayName, literalDim, multiplyDims } from '../dims/index.ts';
import { type DimFacts, numberOf } from '../shapes/index.ts';
import type { Cost } from './cost.ts';

/** One figure of a cost, in dims and, where every dim has a value, in numbers. */
export interface CostFigure {
  readonly name: 'parameters' | 'FLOPs' | 'memory';
  /** `12·L·d²`. */
  readonly symbolic: string;
  /** `85.0 M parameters`, `1.2 GFLOP`, `340 MiB`; undefined where a dim has no value. */
  readonly numeric: string | undefined;
}

/** What there is to say: nothing of a figure that is 0. Memory is that of all values in float32. */
export function costFigures(cost: Cost, facts: DimFacts): readonly CostFigure[] {
  const figures = [
    { name: 'parameters', dim: cost.parameters, write: parametersText },
    { name: 'FLOPs', dim: cost.flops, write: (n: number) => withPrefix(n, 'FLOP') },
    { name: 'memory', dim: bytesOf(cost), write: bytesText },
  ] as const;
  return figures
    .filter(({ dim }) => dim.numerator.length > 0)
    .map(({ name, dim, write }) => {
      const value = numberOf(facts, dim);
      return { name, symbolic: polynomialText(dim), numeric: value && write(value) };
    })
    .map(({ numeric, ...figure }) => ({ ...figure, numeric: numeric === 0 ? undefined : numeric }));
}

/** One line: the numbers, and in dims what has none. */
export function costLine(cost: Cost, facts: DimFacts): string {
  const figures = costFigures(cost, facts);
  if (figures.length === 0) return t`costs nothing`;
  return figures
    .map(({ name, symbolic, numeric }) => numeric ?? withUnit[name](symbolic))
    .join(' · ');
}

const withUnit: Record<CostFigure['name'], (formula: string) => string> = {
  parameters: (formula) => t`${formula} parameters`,
  FLOPs: (formula) => `${formula} FLOPs`,
  memory: (formula) => `${formula} B`,
};

/** 4 bytes a number, parameters and inputs included. */
function bytesOf({ parameters, inputs, values }: Cost): Dim {
  return multiplyDims(literalDim(4), [parameters, inputs, values].reduce(addDims));
}

/** More terms than this say less than their sum. */
const mostTerms = 4;

/** `2·N·d² + 4·d + …`: the terms of the highest degree first. */
function polynomialText({ numerator, denominator }: Dim): string {
  const degree = (term: (typeof numerator)[number]) =>
    term.factors.reduce((sum, { exponent }) => sum + exponent, 0);
  const sorted = [...numerator].sort(
    (a, b) => degree(b) - degree(a) || b.coefficient - a.coefficient,
  );
  const text = sorted
    .slice(0, mostTerms)
    .map((term, i) => {
      const sign = term.coefficient < 0 ? (i === 0 ? '-' : ' - ') : i === 0 ? '' : ' + ';
      return `${sign}${termText(Math.abs(term.coefficient), term.factors)}`;
    })
    .join('');
  const whole = sorted.length > mostTerms ? `${text} + …` : text;
  const [only] = denominator;
  if (denominator.length === 1 && only?.coefficient === 1 && only.factors.length === 0)
    return whole;
  return `(${whole}) / (${polynomialText({ numerator: denominator, denominator: literalDim(1).numerator })})`;
}

function termText(
  coefficient: number,
  factors: readonly { readonly symbol: string; readonly exponent: number }[],
): string {
  const powers = factors.map(({ symbol, exponent }) => `${displayName(symbol)}${raised(exponent)}`);
  const number = coefficient === 1 && powers.length > 0 ? [] : [digits(coefficient)];
  return [...number, ...powers].join('·');
}

function raised(exponent: number): string {
  return exponent === 1
    ? ''
    : [...`${exponent}`].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('');
}

function digits(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 0, useGrouping: value >= 10_000 });
}

function parametersText(value: number): string {
  const count = withPrefix(value, '').trimEnd();
  return value === 1 ? t`${count} parameter` : t`${count} parameters`;
}

const prefixes = ['', 'k', 'M', 'G', 'T', 'P'];

/** `1.24 G` of a unit. */
function withPrefix(value: number, unit: string): string {
  const step = Math.min(prefixes.length - 1, Math.floor(Math.log10(Math.max(1, value)) / 3));
  const scaled = value / 1000 ** step;
  return `${step === 0 ? scaled : scaled.toPrecision(3)} ${prefixes[step]}${unit}`;
}

const binary = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

export function bytesText(bytes: number): string {
  const step = Math.min(binary.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const scaled = bytes / 1024 ** step;
  const text = step === 0 ? `${scaled}` : scaled >= 100 ? scaled.toFixed(0) : scaled.toPrecision(3);
  return `${text} ${binary[step]}`;
}
