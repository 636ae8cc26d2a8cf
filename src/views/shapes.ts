import type { DimRow, StatementRow, Trace } from '../trace/index.ts';

/** Every statement with its shape and verdict, and every dim with where its value came from. */
export interface ShapesView {
  readonly statements: readonly StatementRow[];
  readonly dims: readonly DimRow[];
}

/** The shapes of a trace, in the order of the source. */
export function shapesView(trace: Pick<Trace, 'statements' | 'dims'>): ShapesView {
  return { statements: trace.statements, dims: trace.dims };
}
