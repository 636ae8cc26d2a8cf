/** What a block, a call or a statement costs, in dims and in numbers. */
import { t } from '@vscode/l10n';
import { type Cost, type CostFigure, costFigures, costOf } from '../analysis/index.ts';
import type { CheckedBlock, DimFacts } from '../shapes/index.ts';
import type { SourceRange } from '../trace/index.ts';
import type { OpenProgram } from './program-store.ts';

/** Lines of Markdown, ``Parameters `4·d²` = **1.02 k**``, `Compute …`, `Memory …`; undefined where it is not known. */
export function costText(
  { analysis }: OpenProgram,
  owner: CheckedBlock,
  within?: SourceRange,
): string | undefined {
  const cost = costOf(analysis, owner);
  if (cost === undefined) return undefined;
  return figuresText(within === undefined ? cost.total : cost.within(within), analysis.dimFacts);
}

/** The same of a cost that is known. */
export function figuresText(cost: Cost, facts: DimFacts): string | undefined {
  const figures = costFigures(cost, facts).map(figureText);
  return figures.length === 0 ? undefined : figures.join('  \n');
}

const titles = { parameters: t`Parameters`, FLOPs: t`Compute`, memory: t`Memory` } as const;

function figureText({ name, symbolic, numeric }: CostFigure): string {
  const number = name === 'parameters' ? numeric?.replace(/ \p{L}+$/u, '') : numeric;
  const formula = symbolic === number ? undefined : `\`${symbolic}\``;
  const value = number === undefined ? undefined : `**${number}**`;
  return `${titles[name]} ${[formula, value].filter((part) => part !== undefined).join(' = ')}`;
}
