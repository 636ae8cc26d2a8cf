/** Sources: values that come from nowhere but a rule and a random stream. Initialisers of parameters and inputs. */

/** One random stream. */
export interface RandomStream {
  /** Uniform in [0, 1). */
  readonly uniform: () => number;
  /** Standard normal. */
  readonly normal: () => number;
}

export interface Source {
  readonly name: string;
  /** One sentence. */
  readonly doc: string;
  /** In the language, without a result: the shape comes from where the source stands. */
  readonly signature: string;
  /** `numpy`: one stream over all parameters in order of creation; `own`: a stream keyed by seed and path. */
  readonly stream: 'none' | 'own' | 'numpy';
  /** Writes row-major values; the target has room for exactly those of the shape. */
  readonly fill: (target: Numbers, call: SourceCall) => void;
  readonly torch: string;
}

/** Numbers are drawn in float64 and rounded to what holds them. */
export type Numbers = Float32Array | Float64Array;

export interface SourceCall {
  readonly shape: readonly number[];
  readonly number: (name: string) => number;
  readonly random: RandomStream;
}
