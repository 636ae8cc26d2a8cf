/** What a block, a call or a statement costs, in a line: in dims and in numbers. */
import { bytesOf, type Cost, costOf } from '../analysis/index.ts';
import { type Dim, formatDim } from '../dims/index.ts';
import { type CheckedBlock, type DimFacts, numberOf } from '../shapes/index.ts';
import type { SourceRange } from '../trace/index.ts';
import type { OpenProgram } from './program-store.ts';

/** `Parameters 4·d² = 1024 · 2·N·d² = 65.5 k FLOP · 12 kB`; undefined where it is not known. */
export function costText(
  { analysis }: OpenProgram,
  owner: CheckedBlock,
  within?: SourceRange,
): string | undefined {
  const cost = costOf(analysis, owner);
  if (cost === undefined) return undefined;
  return describeCost(within === undefined ? cost.total : cost.within(within), analysis.dimFacts);
}

function describeCost(cost: Cost, facts: DimFacts): string | undefined {
  const parts = [
    part('Parameters', cost.parameters, facts, ''),
    part('Compute', cost.flops, facts, 'FLOP'),
    part('Memory', bytesOf(cost), facts, 'B'),
  ].filter((text) => text !== undefined);
  return parts.length === 0 ? undefined : parts.join(' · ');
}

/** Longer polynomials say less than their value. */
const readable = 32;

function part(what: string, dim: Dim, facts: DimFacts, unit: string): string | undefined {
  const number = numberOf(facts, dim);
  const symbolic = formatDim(dim);
  if (number === 0 || symbolic === '0') return undefined;
  const value = number === undefined ? undefined : `${amountText(number)}${unit}`;
  const isPlain = symbolic === `${number}`;
  const formula = symbolic.length <= readable && !isPlain ? `\`${symbolic}\`` : undefined;
  const text = [formula, value && `**${value.trim()}**`].filter((each) => each !== undefined);
  return text.length === 0 ? undefined : `${what} ${text.join(' = ')}`;
}

/** `1.2 M`, `340 `: three digits and the power of a thousand. */
function amountText(value: number): string {
  const powers = ['', 'k', 'M', 'G', 'T', 'P'];
  const power = Math.min(
    powers.length - 1,
    Math.max(0, Math.floor(Math.log10(Math.max(1, value)) / 3)),
  );
  const scaled = value / 1000 ** power;
  return `${Number(scaled.toPrecision(3))} ${powers[power]}`;
}
