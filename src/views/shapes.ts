import type { DimRow, StatementCost, StatementRow, Trace } from '../trace/index.ts';

/** Every statement with its shape, verdict and cost, and every dim with where its value came from. */
export interface ShapesView {
  readonly statements: readonly CostedStatement[];
  readonly dims: readonly DimRow[];
  /** What each block or model costs altogether, in the order of the statements; empty where no cost is known. */
  readonly totals: readonly CostTotal[];
}

export type CostedStatement = StatementRow & Partial<StatementCost>;

export interface CostTotal {
  readonly owner: string;
  readonly parameters: number;
  readonly flops: number;
  readonly bytes: number;
}

/** The shapes of a trace, in the order of the source. */
export function shapesView(trace: Pick<Trace, 'statements' | 'dims' | 'costOf'>): ShapesView {
  const { dims } = trace;
  const statements = trace.statements.map((row) => ({ ...row, ...trace.costOf?.(row) }));
  return { statements, dims, totals: totalsOf(statements) };
}

/** A statement inside a repeat is part of the one that holds it, so only the outermost of each block count. */
function totalsOf(statements: readonly CostedStatement[]): readonly CostTotal[] {
  const totals = new Map<string, CostTotal>();
  const outermost = new Map<string, number>();
  for (const { owner, depth } of statements) {
    outermost.set(owner, Math.min(depth, outermost.get(owner) ?? depth));
  }
  for (const { owner, depth, parameters, flops, bytes } of statements) {
    if (parameters === undefined && flops === undefined && bytes === undefined) continue;
    if (depth !== outermost.get(owner)) continue;
    const sum = totals.get(owner) ?? { owner, parameters: 0, flops: 0, bytes: 0 };
    totals.set(owner, {
      owner,
      parameters: sum.parameters + (parameters ?? 0),
      flops: sum.flops + (flops ?? 0),
      bytes: sum.bytes + (bytes ?? 0),
    });
  }
  return [...totals.values()];
}
