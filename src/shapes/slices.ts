/** The items between the brackets of `x[…]`, made whole: one item per axis, bounds from the front. */
import { t } from '@vscode/l10n';
import {
  addDims,
  type Dim,
  formatShape,
  literalDim,
  type Polynomial,
  type Shape,
} from '../dims/index.ts';
import type { SliceItem } from '../ops/index.ts';
import type { SliceExpression, SliceItemExpression } from './expression.ts';

export type SliceResult =
  | { readonly kind: 'items'; readonly items: readonly SliceItem[] }
  | { readonly kind: 'problem'; readonly code: 'rank' | 'undecided'; readonly message: string };

/** Expands `...`, fills in left-out bounds and counts negative ones from the end; what is not mentioned stays whole. */
export function completeSlice(
  slice: SliceExpression,
  shape: Shape,
  resolve: (dim: Dim) => Dim = (dim) => dim,
): SliceResult {
  const axesOf = (items: readonly SliceItemExpression[]) =>
    items.filter((item) => item.kind === 'range' || item.kind === 'at').length;
  const named = axesOf(slice.items);
  const missing = shape.axes.length - named;
  if (missing < 0 && !shape.lead) {
    const message = t`${named} indices for a tensor ${formatShape(shape)}.`;
    return { kind: 'problem', code: 'rank', message };
  }
  const at = slice.items.findIndex((item) => item.kind === 'ellipsis');
  const before = at < 0 ? slice.items : slice.items.slice(0, at);
  const after = at < 0 ? [] : slice.items.slice(at + 1);
  if (shape.lead && (before.length > 0 || missing < 0)) {
    const message = t`Which axes these indices mean depends on the leading axes of ${formatShape(shape)}: begin with "...".`;
    return { kind: 'problem', code: 'undecided', message };
  }
  const whole: readonly SliceItemExpression[] = Array.from({ length: missing }, () => ({
    kind: 'range',
    start: undefined,
    stop: undefined,
    source: { uri: '', start: 0, end: 0 },
  }));
  let axis = 0;
  const items = [...before, ...whole, ...after].flatMap((item): SliceItem[] => {
    if (item.kind === 'ellipsis') return [];
    if (item.kind === 'new axis') return [{ kind: 'new axis' }];
    const length = shape.axes[axis++] as Dim;
    const fromFront = (bound: Dim) => countedFromFront(resolve(bound), length);
    if (item.kind === 'at') return [{ kind: 'at', index: fromFront(item.index) }];
    const start = item.start === undefined ? literalDim(0) : fromFront(item.start);
    const stop = item.stop === undefined ? length : fromFront(item.stop);
    return [{ kind: 'range', start, stop }];
  });
  return { kind: 'items', items };
}

function countedFromFront(bound: Dim, length: Dim): Dim {
  return isNegative(bound.numerator) ? addDims(length, bound) : bound;
}

function isNegative(numerator: Polynomial): boolean {
  return numerator.length > 0 && numerator.every((term) => term.coefficient < 0);
}
