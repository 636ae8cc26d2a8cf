/** Quick fixes of shapes: an operand transposed or rearranged, a declaration changed. */
import { t } from '@vscode/l10n';
import { type Dim, formatShape, type Shape, sameShape } from '../dims/index.ts';
import { opInRole } from '../ops/index.ts';
import type { Fix, SourceRange } from './diagnostic.ts';
import type { DimFacts } from './dim-facts.ts';
import type { Expression, TensorType } from './expression.ts';
import { rearrangement } from './rearranging.ts';
import { writeDim } from './relations.ts';

/** How the text of a value can be changed. */
export interface Rewriting {
  readonly source: SourceRange;
  readonly label: string;
  /** Something may follow it only in parentheses. */
  readonly parentheses: boolean;
  /** `W` of `W.T`. */
  readonly transposed: SourceRange | undefined;
  /** Where the shape of the parameter is written that it names. */
  readonly declared: SourceRange | undefined;
}

export function rewritingOf(
  expression: Expression,
  label: string,
  declared: SourceRange | undefined,
): Rewriting {
  const { source } = expression;
  const notation = expression.kind === 'apply' ? expression.op.notation : undefined;
  const inner = expression.kind === 'apply' ? expression.operands[0]?.value.source : undefined;
  return {
    source,
    label,
    parentheses:
      notation?.kind === 'binary' || notation?.kind === 'prefix' || expression.kind === 'same',
    transposed: notation?.kind === 'member' ? inner : undefined,
    declared,
  };
}

/** The last two axes swapped; undefined where there are fewer. */
export function transposedShape({ lead, axes }: Shape): Shape | undefined {
  const [a, b] = axes.slice(-2);
  if (a === undefined || b === undefined) return undefined;
  return { lead, axes: [...axes.slice(0, -2), b, a] };
}

export function transposeFix({ source, label, parentheses, transposed }: Rewriting): Fix {
  const mark = '.T';
  if (transposed !== undefined) {
    const tail = { uri: source.uri, start: transposed.end, end: source.end };
    return {
      title: t`Use ${label.replace(/\.T$/, '')} without ${mark}`,
      edits: [{ source: tail, text: '' }],
    };
  }
  return {
    title: t`Transpose ${label}`,
    edits: around(source, parentheses ? '(' : '', `${parentheses ? ')' : ''}${mark}`),
  };
}

/** `rearrange(x, "…")` around a value that has the wanted axes in another order or grouping. */
export function rearrangeFix(
  facts: DimFacts,
  { source, label }: Rewriting,
  given: Shape,
  wanted: Shape,
): readonly Fix[] {
  if (given.lead || wanted.lead || sameShape(given, wanted)) return [];
  const pattern = rearrangement(facts, given.axes, wanted.axes);
  if (pattern === undefined) return [];
  const title = t`Rearrange ${label}: ${pattern.split(',', 1).join()}`;
  return [{ title, edits: around(source, `${opInRole('rearrangement').name}(`, `, ${pattern})`) }];
}

/** Another shape in the declaration of a parameter, a value or a result. */
export function declareFix(
  declared: SourceRange | undefined,
  name: string,
  { shape, dtype }: TensorType,
): readonly Fix[] {
  if (declared === undefined) return [];
  const text = `${dtype === 'int' ? 'int' : ''}${writeShape(shape)}`;
  return [
    {
      title: t`Declare ${name} as ${formatShape(shape)}`,
      edits: [{ source: declared, text }],
    },
  ];
}

export function withAxis(shape: Shape, at: number, axis: Dim): Shape {
  return { ...shape, axes: shape.axes.map((own, i) => (i === at ? axis : own)) };
}

function writeShape({ lead, axes }: Shape): string {
  return `[${[...(lead ? ['...'] : []), ...axes.map(writeDim)].join(', ')}]`;
}

export function around(source: SourceRange, before: string, after: string): Fix['edits'] {
  const { uri, start, end } = source;
  const open = { source: { uri, start, end: start }, text: before };
  const close = { source: { uri, start: end, end }, text: after };
  return before === '' ? [close] : [open, close];
}
