/** The cost of what stands at a place: for hovers. */
import type { CheckedBlock, DimFacts, Statement } from '../shapes/index.ts';
import type { SourceRange } from '../trace/index.ts';
import type { Analysis } from './analysis.ts';
import { type Cost, costOf } from './cost.ts';

export interface CostAt {
  /** Of a whole block or model, or of one statement with everything that it calls, in all copies. */
  readonly kind: 'block' | 'model' | 'statement';
  readonly cost: Cost;
  readonly facts: DimFacts;
  /** The declaration's name, or the statement. */
  readonly source: SourceRange;
}

/** Undefined where nothing there costs anything, or where it cannot be said. */
export function costAt(analysis: Analysis, offset: number): CostAt | undefined {
  const { program, uri, dimFacts: facts } = analysis;
  const target = [...program.blocks.values(), ...program.models.values()].find(
    (block) => block.uri === uri && isAt(block.extent, offset),
  );
  const costs = target && costOf(analysis, target);
  if (target === undefined || costs === undefined) return undefined;
  if (isAt(target.source, offset)) {
    return { kind: target.kind, cost: costs.total, facts, source: target.source };
  }
  const statement = statementAt(target, offset);
  if (statement === undefined) return undefined;
  const { source } = statement;
  const cost = costs.within(source);
  const isFree = Object.values(cost).every(({ numerator }) => numerator.length === 0);
  return isFree ? undefined : { kind: 'statement', cost, facts, source };
}

/** The innermost statement. */
function statementAt({ body }: CheckedBlock, offset: number): Statement | undefined {
  const search = (statements: readonly Statement[]): Statement | undefined => {
    const found = statements.find(({ source }) => isAt(source, offset));
    if (found?.kind === 'repeat') return search(found.body) ?? found;
    if (found?.kind === 'if') return search([...found.consequent, ...found.otherwise]) ?? found;
    return found;
  };
  return search(body);
}

function isAt({ start, end }: SourceRange, offset: number): boolean {
  return start <= offset && offset <= end;
}
