/** Values against the shapes that are declared for them. */
import { t } from '@vscode/l10n';
import { formatShape, type Shape } from '../dims/index.ts';
import type { ShapeType } from '../syntax/index.ts';
import type { Fix, SourceRange } from './diagnostic.ts';
import type { TensorType } from './expression.ts';
import { demandEqual } from './mismatch.ts';
import { type BodyScope, type CheckedType, sourceOf } from './scope.ts';
import { declareFix, rearrangeFix, transposedShape, transposeFix } from './shape-fixes.ts';
import { localOrigin, rewritingIn, type Typed, tensorTypeOf, textIn } from './typed.ts';

/** A declared shape, of what, and where it is written. */
export interface Promised {
  readonly name: string;
  readonly type: TensorType | undefined;
  readonly written: SourceRange | undefined;
}

export function promise(
  scope: BodyScope,
  node: ShapeType | undefined,
  type: TensorType | undefined,
  name: string,
): Promised {
  return { name, type, written: node && sourceOf(scope.file, node) };
}

/** Compares a value with its declared shape; the declared one goes on. */
export function checkDeclared(scope: BodyScope, value: Typed, promised: Promised): CheckedType {
  const { type: declared, name, written } = promised;
  if (declared === undefined) return value.type;
  const given = tensorTypeOf(value.type);
  const { source } = value.expression;
  const goesOn: CheckedType = { kind: 'tensor', type: declared };
  if (given === undefined) return goesOn;
  const [left, right] = [given.shape, declared.shape];
  const own =
    value.expression.kind === 'local'
      ? [localOrigin(scope, value.expression.name) ?? []].flat()
      : [];
  const place = written && { source: written, message: t`${formatShape(right)} is declared here` };
  const related = [...own, ...(place ? [place] : [])];
  const fixes = (): readonly Fix[] => [
    ...fittingFixes(scope, value, left, right),
    ...declareFix(written, name, given),
  ];
  if (left.lead !== right.lead || left.axes.length !== right.axes.length) {
    const message = t`${textIn(scope, source)} is ${formatShape(left)}, but ${name} is declared as ${formatShape(right)}.`;
    scope.file.diagnostics.report('rank', source, message, { related, fixes: fixes() });
    return goesOn;
  }
  left.axes.every((axis, i) =>
    demandEqual(scope.file.check, {
      source,
      headline: t`${textIn(scope, source)} does not have the shape declared for ${name}`,
      left: { label: textIn(scope, source), shape: left, axis, at: i },
      right: { label: t`declared`, shape: right, axis: right.axes[i] ?? axis, at: i },
      related,
      fixes,
    }),
  );
  return goesOn;
}

/** The value transposed or rearranged to the shape that is wanted. */
export function fittingFixes(
  scope: BodyScope,
  value: Typed,
  given: Shape,
  wanted: Shape,
): readonly Fix[] {
  const rewriting = rewritingIn(scope, value.expression);
  const swapped = transposedShape(given);
  if (swapped !== undefined && formatShape(swapped) === formatShape(wanted)) {
    return [transposeFix(rewriting)];
  }
  return rearrangeFix(scope.file.check.facts, rewriting, given, wanted);
}
