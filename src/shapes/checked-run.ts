/** Checked runs and weight mappings. */
import type { Dim } from '../dims/index.ts';
import type { SourceRange } from './diagnostic.ts';
import type {
  Expression,
  PathTemplate,
  SliceExpression,
  Sourced,
  TensorType,
} from './expression.ts';

export interface CheckedRun {
  readonly name: string;
  readonly source: SourceRange;
  readonly extent: SourceRange;
  /** The model or block it runs. */
  readonly target: string;
  readonly targetSource: SourceRange;
  /** One run for each combination of these; none for a plain run. */
  readonly family: readonly FamilyAxis[];
  readonly dims: ReadonlyMap<string, { readonly value: number; readonly source: SourceRange }>;
  readonly seed: number;
  /** In place of `seed` where the family's variables decide it. */
  readonly seedFrom: Dim | undefined;
  /** What the family's variables are in the settings, by symbol: their first values where absent. */
  readonly at?: ReadonlyMap<string, number>;
  readonly backend: 'auto' | 'gpu' | 'cpu';
  /** Inputs and block arguments by name. */
  readonly settings: readonly RunSetting[];
  readonly weights: RunWeights | undefined;
  readonly tokenizer: RunTokenizer | undefined;
  readonly generation: Generation | undefined;
  readonly patches: readonly Patch[];
  readonly expectations: readonly Expectation[];
  readonly metrics: readonly Metric[];
  /** Where expectations stand, also those that are not understood. */
  readonly expectationPlaces: readonly SourceRange[];
  /** Runs whose values the patches and expectations use. */
  readonly uses: readonly string[];
}

/** The file that turns text into tokens. */
export interface RunTokenizer {
  readonly file: string;
  readonly source: SourceRange;
}

export interface RunSetting {
  readonly name: string;
  readonly nameSource: SourceRange;
  readonly value: Expression;
  /** Several values, of which each makes a run of its own: texts, or lists of unequal lengths; `value` is the first. */
  readonly batch?: readonly Expression[];
}

export type RunWeights =
  | { readonly kind: 'file'; readonly file: string; readonly source: SourceRange }
  | { readonly kind: 'mapping'; readonly name: string; readonly source: SourceRange };

/** Tokens that the model adds to its input, and how each is chosen from its logits. */
export interface Generation extends Sourced {
  readonly count: number;
  /** The logits are divided by it; 0 chooses the most probable token. */
  readonly temperature: number;
  /** Only so many of the most probable tokens. */
  readonly topK: number | undefined;
  /** Only the most probable tokens that have so much probability together. */
  readonly topP: number | undefined;
}

/** `l: 0:L` goes from start to stop - 1. */
export interface FamilyAxis extends Sourced {
  readonly name: string;
  /** Stands for the variable in lengths and indices. */
  readonly symbol: string;
  readonly start: Dim;
  readonly stop: Dim;
}

/** The number that is kept of a run. */
export interface Metric extends Sourced {
  readonly name: string;
  readonly value: Expression;
}

/** The path may have `*` for every copy. */
export interface Patch extends Sourced, PathTemplate {
  readonly pathSource: SourceRange;
  /** The part that is replaced; undefined for all of it. */
  readonly slice: SliceExpression | undefined;
  readonly value: Expression;
}

export type Expectation =
  | {
      readonly kind: 'shape';
      readonly value: Expression;
      readonly type: TensorType;
      readonly source: SourceRange;
      readonly text: string;
    }
  | {
      readonly kind: 'value';
      readonly left: Expression;
      readonly operator: '~' | '<' | '<=' | '>' | '>=' | '==' | '!=';
      readonly right: Expression;
      readonly tolerance: number;
      readonly source: SourceRange;
      readonly text: string;
    };

/** A mapping of weights. */
export interface CheckedWeights {
  readonly name: string;
  readonly source: SourceRange;
  readonly file: string;
  readonly fileSource: SourceRange;
  readonly mappings: readonly WeightMapping[];
}

export interface WeightMapping extends Sourced {
  /** The parameter's path, with `*` for indices. */
  readonly path: string;
  readonly pathSource: SourceRange;
  /** The tensor's name in the file, with `*`. */
  readonly tensor: string;
  readonly tensorSource: SourceRange;
  /** Applied in order. */
  readonly steps: readonly (
    | { readonly kind: 'transpose' }
    | { readonly kind: 'slice'; readonly slice: SliceExpression }
  )[];
}
