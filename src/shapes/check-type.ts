/** Declared shapes: `[..., N, 4 * d]`, `int[N]`. */
import { t } from '@vscode/l10n';
import type { Dim } from '../dims/index.ts';
import type { ShapeType } from '../syntax/index.ts';
import type { TensorType } from './expression.ts';
import { type BodyScope, lengthIn, sourceOf } from './scope.ts';

/** Undefined where an axis is broken; that is reported. */
export function shapeIn(scope: BodyScope, node: ShapeType): TensorType | undefined {
  const axes: Dim[] = [];
  let sound = true;
  let lead = false;
  node.axes.forEach((axis, i) => {
    if (axis.$type === 'Ellipsis') {
      lead = true;
      if (i > 0) {
        sound = false;
        const message = t`"..." stands for the leading axes, so it comes first.`;
        scope.file.diagnostics.report('argument', sourceOf(scope.file, axis), message);
      }
      return;
    }
    const dim = lengthIn(scope, axis);
    if (dim === undefined) sound = false;
    else axes.push(dim);
  });
  return sound ? { shape: { lead, axes }, dtype: node.element ?? 'f32' } : undefined;
}
