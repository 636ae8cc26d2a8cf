/** A family of models: how its config.json is read, and what its checkpoints call their tensors. */
import type { Config } from './config.ts';
import type { Draft } from './draft.ts';

export interface Family {
  /** What config.json calls it: `model_type`. */
  readonly types: readonly string[];
  /** What its authors call it. */
  readonly title: string;
  /** Name of the model in the program. */
  readonly model: string;
  /** Where it was described. */
  readonly source: string;
  /** What the names begin with where there is a head, and what checkpoints of the bare model leave out. */
  readonly prefix: string;
  readonly write: (config: Config, draft: Draft) => void;
}
