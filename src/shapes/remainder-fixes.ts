/** The way out of a division that leaves a remainder: where its dims come from, and divisors that leave none. */
import { t } from '@vscode/l10n';
import { type Dim, displayName, symbolsOf } from '../dims/index.ts';
import type { CheckContext } from './check-context.ts';
import type { DiagnosticDetail, Fix } from './diagnostic.ts';

export function remainderDetail(
  { originOf, declarationOf }: Pick<CheckContext, 'originOf' | 'declarationOf'>,
  quotient: Dim,
  { dividend, divisor }: { readonly dividend: number; readonly divisor: number },
): DiagnosticDetail {
  const related = symbolsOf(quotient).flatMap((symbol) => originOf(symbol) ?? []);
  const [term, ...others] = quotient.denominator;
  const [factor] = term?.factors ?? [];
  const symbol = factor?.symbol ?? '';
  const declaration = declarationOf?.(symbol);
  // `d / heads`: a number in place of `heads` is a way out only where `heads` alone divides.
  const isAlone = others.length === 0 && term?.factors.length === 1 && factor?.exponent === 1;
  if (!isAlone || declaration?.value !== divisor) return { related };
  const fixes = divisorsNear(dividend, divisor).map((value): Fix => {
    const text = `${displayName(symbol)} = ${value}`;
    return { title: t`Set ${text} in dims`, edits: [{ source: declaration.extent, text }] };
  });
  return { related, fixes };
}

/** The next divisors of a number, below and above. */
function divisorsNear(dividend: number, near: number): readonly number[] {
  const divides = (value: number) => dividend % value === 0;
  const below = Array.from({ length: near - 1 }, (_, i) => near - 1 - i).find(divides);
  const above = Array.from({ length: near }, (_, i) => near + 1 + i).find(divides);
  return [below, above].flatMap((value) => (value === undefined || value === 1 ? [] : [value]));
}
