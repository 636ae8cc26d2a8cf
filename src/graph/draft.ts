/** A node while the graph is being built: it can still be patched, and its path is not known yet. */

import { type Dim, literalDim } from '../dims/index.ts';
import type { AttributeValue, Op } from '../ops/index.ts';
import type { TensorType } from '../shapes/index.ts';
import type { SourceRange } from '../trace/index.ts';
import type { Initial } from './graph.ts';

export type DraftContent =
  | { readonly kind: 'input'; readonly name: string; readonly initial: Initial | undefined }
  | { readonly kind: 'parameter'; readonly initial: Initial }
  | { readonly kind: 'constant'; readonly data: Float64Array }
  /** Another name for a value: arguments, carried names, results of calls. Consumers can be patched apart. */
  | { readonly kind: 'alias'; readonly of: Draft }
  | {
      readonly kind: 'operator';
      readonly op: Op;
      readonly operands: readonly { readonly name: string; readonly draft: Draft }[];
      readonly attributes: Readonly<Record<string, AttributeValue>>;
      readonly rest: readonly { readonly name: string | undefined; readonly value: number }[];
      readonly output: string | undefined;
    };

const once = literalDim(1);

export interface DraftPlace {
  readonly source: SourceRange;
  readonly callers: readonly SourceRange[];
  readonly copies?: Dim;
}

export class Draft {
  content: DraftContent;
  readonly type: TensorType;
  readonly source: SourceRange;
  readonly callers: readonly SourceRange[];
  /** The first path that was given to it. */
  path: string | undefined;
  /** Whether a name stands for it already. */
  claimed = false;
  /** True for `x += f`. */
  readonly residualWrite: boolean;
  /** How many of the model's values it stands for: more than one in a sketch. */
  readonly copies: Dim;

  constructor(content: DraftContent, type: TensorType, place: DraftPlace, residualWrite = false) {
    this.content = content;
    this.type = type;
    this.source = place.source;
    this.callers = place.callers;
    this.residualWrite = residualWrite;
    this.copies = place.copies ?? once;
  }

  /** The value itself, behind its other names. */
  get resolved(): Draft {
    return this.content.kind === 'alias' ? this.content.of.resolved : this;
  }

  /** How many names lie between this one and the value. */
  get distance(): number {
    return this.content.kind === 'alias' ? this.content.of.distance + 1 : 0;
  }

  alias(place: { readonly source: SourceRange; readonly callers: readonly SourceRange[] }): Draft {
    return new Draft({ kind: 'alias', of: this }, this.type, place);
  }

  operand(name: string): Draft | undefined {
    if (this.content.kind !== 'operator') return undefined;
    return this.content.operands.find((operand) => operand.name === name)?.draft;
  }
}
