import type { DimRow, StatementRow } from '../trace/index.ts';

/** Every statement with its shape and verdict, and every dim with where its value came from. */
export interface ShapesView {
  readonly statements: readonly StatementRow[];
  readonly dims: readonly DimRow[];
}
