/** Whether statements or settings look at a dim: its symbol anywhere in their lengths, conditions and arguments. */
import { type Dim, symbolsOf } from '../dims/index.ts';
import type { CheckedRun, FamilyAxis, Statement } from '../shapes/index.ts';

export function mentions(body: readonly Statement[], symbol: string): boolean {
  return hasSymbol(body, symbol);
}

/** Variables of a family that its settings name: each value of them makes a run of its own. */
export function settingVariables({
  family,
  settings,
  seedFrom,
}: CheckedRun): readonly FamilyAxis[] {
  return family.filter(({ symbol }) => hasSymbol([settings, seedFrom], symbol));
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
