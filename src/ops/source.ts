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
  /** Row-major values. */
  readonly fill: (call: SourceCall) => Float64Array;
  readonly torch: string;
}

export interface SourceCall {
  readonly shape: readonly number[];
  readonly number: (name: string) => number;
  readonly random: RandomStream;
}
