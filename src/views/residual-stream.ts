import type { SourceRange } from '../trace/index.ts';
import type { Matrix } from './matrix.ts';

/** The residual stream of a block or model. */
export interface ResidualStreamView {
  readonly steps: readonly StreamStepView[];
  /** Labels of the tokens (their text, else their index). */
  readonly tokens: readonly string[];
  readonly width: number;
  readonly step: number;
  readonly token: number;
  /** steps × width for the chosen token. */
  readonly byToken: Matrix;
  /** tokens × width for the chosen step. */
  readonly byStep: Matrix;
  /** steps × tokens: the Euclidean norm of the stream. */
  readonly norms: Matrix;
}

export interface StreamStepView {
  readonly path: string;
  /** `resid_pre`, or the path where the literature has no name. */
  readonly label: string;
  readonly kind: 'input' | 'write' | 'norm' | 'output';
  readonly write: string | undefined;
  readonly layer: number | undefined;
  /** Mean over tokens of the norm of the stream here. */
  readonly norm: number;
  /** Mean over tokens of the norm of what was added here; undefined where nothing was. */
  readonly writeNorm: number | undefined;
  readonly source: SourceRange;
}
