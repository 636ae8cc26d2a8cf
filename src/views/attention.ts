import type { SourceRange } from '../trace/index.ts';
import type { Matrix } from './matrix.ts';

/** All heads of one layer small, one head large. */
export interface AttentionView {
  readonly path: string;
  readonly pattern: number;
  readonly head: number;
  readonly tokens: readonly string[];
  readonly source: SourceRange;
  readonly heads: readonly AttentionHeadView[];
  /** queries × keys of the chosen head, every value. */
  readonly large: Matrix;
}

export interface AttentionHeadView {
  readonly head: number;
  /** queries × keys, pooled to at most 64 × 64. */
  readonly map: Matrix;
  /** Mean over queries of the entropy of the row, in bits. */
  readonly entropy: number;
}
