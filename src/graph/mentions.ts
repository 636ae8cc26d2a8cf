/** Whether statements look at a dim: its symbol anywhere in their lengths, conditions and arguments. */
import { type Dim, symbolsOf } from '../dims/index.ts';
import type { Statement } from '../shapes/index.ts';

export function mentions(body: readonly Statement[], symbol: string): boolean {
  return hasSymbol(body, symbol);
}

/** Statements and expressions are plain data, so their dims are found wherever they stand. */
function hasSymbol(value: unknown, symbol: string): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (isDim(value)) return symbolsOf(value).includes(symbol);
  if (value instanceof Map) return [...value.values()].some((each) => hasSymbol(each, symbol));
  return Object.entries(value).some(([key, each]) => key !== 'op' && hasSymbol(each, symbol));
}

function isDim(value: object): value is Dim {
  return 'numerator' in value && 'denominator' in value;
}
