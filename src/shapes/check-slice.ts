/** The items between the brackets of `x[…]`. */
import { t } from '@vscode/l10n';
import type { SliceItem as SliceItemNode } from '../syntax/index.ts';
import type { SliceExpression, SliceItemExpression } from './expression.ts';
import { type BodyScope, lengthIn, sourceOf } from './scope.ts';

/** Undefined where an item is broken. */
export function checkSlice(
  scope: BodyScope,
  items: readonly SliceItemNode[],
): SliceExpression | undefined {
  const checked = items.map((item) => checkSliceItem(scope, item));
  const whole = checked.filter((item) => item !== undefined);
  return whole.length === checked.length ? { kind: 'slice', items: whole } : undefined;
}

function checkSliceItem(scope: BodyScope, item: SliceItemNode): SliceItemExpression | undefined {
  const source = sourceOf(scope.file, item);
  switch (item.$type) {
    case 'Ellipsis':
      return { kind: 'ellipsis', source };
    case 'NoneLiteral':
      return { kind: 'new axis', source };
    case 'SliceRange': {
      if (item.step !== undefined) {
        scope.file.diagnostics.report(
          'argument',
          source,
          t`Slices have no step: write start:stop.`,
        );
        return undefined;
      }
      const start = item.start && lengthIn(scope, item.start);
      const stop = item.stop && lengthIn(scope, item.stop);
      if ((item.start && !start) || (item.stop && !stop)) return undefined;
      return { kind: 'range', start, stop, source };
    }
    default: {
      const index = lengthIn(scope, item);
      return index && { kind: 'at', index, source };
    }
  }
}
