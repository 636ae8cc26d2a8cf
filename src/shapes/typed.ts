/** A checked expression with its type. */
import { t } from '@vscode/l10n';
import { scalarShape } from '../dims/index.ts';
import type { RelatedPlace, SourceRange } from './diagnostic.ts';
import type { Expression, TensorType } from './expression.ts';
import { type BodyScope, type CheckedType, originOf } from './scope.ts';
import { type Rewriting, rewritingOf } from './shape-fixes.ts';

export interface Typed {
  readonly expression: Expression;
  readonly type: CheckedType;
}

/** The variable whose whole right side the expression is: the default label of a call. */
export type LabelHint = { readonly name: string; readonly source: SourceRange } | undefined;

export const brokenType: CheckedType = { kind: 'broken' };

export function brokenAt(source: SourceRange): Typed {
  return { expression: { kind: 'broken', source }, type: brokenType };
}

/** What the type is as an operand: numbers, dims and switches are scalars. */
export function tensorTypeOf(type: CheckedType): TensorType | undefined {
  switch (type.kind) {
    case 'tensor':
      return type.type;
    case 'number':
    case 'dim':
    case 'bool':
      return { shape: scalarShape, dtype: 'f32' };
    case 'string':
    case 'none':
    case 'function':
    case 'tuple':
    case 'broken':
      return undefined;
  }
}

/** Where the value of an operand was assigned. */
export function originOfTyped(scope: BodyScope, { expression }: Typed): RelatedPlace | undefined {
  return expression.kind === 'local' ? localOrigin(scope, expression.name) : undefined;
}

export function localOrigin(scope: BodyScope, name: string): RelatedPlace | undefined {
  const entry = scope.values.get(name);
  return entry && originOf(name, entry);
}

/** How the text of a value of this scope can be changed. */
export function rewritingIn(scope: BodyScope, expression: Expression): Rewriting {
  const entry = expression.kind === 'local' ? scope.values.get(expression.name) : undefined;
  return rewritingOf(expression, textIn(scope, expression.source), entry?.shapeSource);
}

/** A statement as it is written. */
export function writtenIn({ file }: BodyScope, { start, end }: SourceRange): string {
  return file.text.slice(start, end);
}

/** The text of a place, shortened to fit a message. */
export function textIn(scope: BodyScope, place: SourceRange): string {
  const text = writtenIn(scope, place).replace(/\s+/g, ' ');
  return text.length > 40 ? `${text.slice(0, 37)}…` : text;
}

/** The kind of a value as a message names it. */
export function kindInWords(kind: CheckedType['kind']): string {
  switch (kind) {
    case 'bool':
      return t`a switch`;
    case 'string':
      return t`a text`;
    case 'none':
      return 'none';
    case 'tuple':
      return t`several tensors`;
    case 'tensor':
      return t`a tensor`;
    case 'number':
      return t`a number`;
    case 'dim':
      return t`a dim`;
    case 'function':
    case 'broken':
      return t`a function`;
  }
}
