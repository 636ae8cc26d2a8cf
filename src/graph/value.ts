/** What an expression is worth while the graph is built. */
import type { Dim } from '../dims/index.ts';
import type { FunctionTarget } from '../shapes/index.ts';
import type { Draft } from './draft.ts';

export type Value =
  | { readonly kind: 'tensor'; readonly draft: Draft }
  /** Known now: a literal, a dim, or arithmetic of these. `dim` where it is a length. */
  | { readonly kind: 'number'; readonly value: number; readonly dim: Dim | undefined }
  | { readonly kind: 'static'; readonly value: boolean | string | null }
  | { readonly kind: 'function'; readonly target: Exclude<FunctionTarget, { kind: 'parameter' }> }
  | { readonly kind: 'tuple'; readonly parts: readonly Value[] }
  /** Reported already; whatever uses it is left out silently. */
  | { readonly kind: 'broken' };

export const broken: Value = { kind: 'broken' };

export function staticValue(value: boolean | string | null): Value {
  return { kind: 'static', value };
}

export function numberValue(value: number, dim?: Dim): Value {
  return { kind: 'number', value, dim };
}

export function tensorValue(draft: Draft): Value {
  return { kind: 'tensor', draft };
}
