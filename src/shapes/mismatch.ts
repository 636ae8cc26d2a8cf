/** The one place that words a disagreement of two lengths: both shapes, symbolic and numeric, aligned. */
import {
  type Dim,
  displayName,
  formatDim,
  formatShape,
  type Shape,
  symbolsOf,
} from '../dims/index.ts';
import type { CodeName } from './catalog.ts';
import type { DiagnosticList, RelatedPlace, SourceRange } from './diagnostic.ts';
import { type Comparison, compareDims, type DimFacts, numberOf } from './dim-facts.ts';

/** One of the two sides: a tensor and the axis in question, or a bare length. */
export interface Side {
  /** How the user wrote it, shortened. */
  readonly label: string;
  readonly shape: Shape | undefined;
  readonly axis: Dim;
}

export interface Disagreement {
  readonly source: SourceRange;
  /** What must agree: `The axes that a product sums over differ`. */
  readonly headline: string;
  readonly left: Side;
  readonly right: Side;
  readonly related: readonly RelatedPlace[];
}

/** Where dims come from, and how strict to be. */
export interface CheckContext {
  readonly facts: DimFacts;
  readonly diagnostics: DiagnosticList;
  /** Where a dim was declared. */
  readonly originOf: (symbol: string) => RelatedPlace | undefined;
  /** `instance`: all dims have values, so only disagreement counts. */
  readonly mode: 'symbolic' | 'instance';
}

/** Compares, reports what there is to report, and says whether work can go on with the axis. */
export function demandEqual(context: CheckContext, found: Disagreement): boolean {
  const comparison = compareDims(context.facts, found.left.axis, found.right.axis);
  const code = codeOf(comparison, context.mode);
  if (code !== undefined) {
    context.diagnostics.report(code, found.source, wording(context.facts, found, comparison), {
      related: relatedPlaces(context, found),
    });
  }
  return comparison.kind !== 'unequal';
}

function codeOf(comparison: Comparison, mode: CheckContext['mode']): CodeName | undefined {
  switch (comparison.kind) {
    case 'equal':
      return undefined;
    case 'unequal':
      return comparison.always ? 'shapeMismatch' : 'shapeMismatchNow';
    case 'coincidence':
      return mode === 'symbolic' ? 'coincidence' : undefined;
    case 'undecided':
      return mode === 'symbolic' ? 'undecided' : undefined;
  }
}

function wording(facts: DimFacts, found: Disagreement, comparison: Comparison): string {
  return `${firstLine(facts, found, comparison)}\n${alignedSides(facts, found)}`.trimEnd();
}

function firstLine(
  facts: DimFacts,
  { headline, left, right }: Disagreement,
  comparison: Comparison,
): string {
  const pair = `${withValue(facts, left.axis)} and ${withValue(facts, right.axis)}`;
  switch (comparison.kind) {
    case 'equal':
    case 'unequal':
      return `${headline}: ${pair}.`;
    case 'coincidence':
      return `${headline} in general: they agree only while ${[...new Set([formatDim(left.axis), formatDim(right.axis), `${comparison.value}`])].join(' = ')}.`;
    case 'undecided':
      return `${headline} unless ${formatDim(left.axis)} = ${formatDim(right.axis)}: ${comparison.free.map(displayName).join(', ')} ${comparison.free.length > 1 ? 'have' : 'has'} no value.`;
  }
}

/** `d_ff = 16`, or `4` for a literal. */
function withValue(facts: DimFacts, dim: Dim): string {
  const symbolic = formatDim(dim);
  const value = numberOf(facts, dim);
  return value === undefined || symbolic === `${value}` ? symbolic : `${symbolic} = ${value}`;
}

function alignedSides(facts: DimFacts, { left, right }: Disagreement): string {
  const rows = [left, right].flatMap(({ label, shape }) =>
    shape === undefined
      ? []
      : [{ label, symbolic: formatShape(shape), numeric: numeric(facts, shape) }],
  );
  const widest = (pick: (row: { label: string; symbolic: string }) => string) =>
    Math.max(0, ...rows.map((row) => pick(row).length));
  const [labels, shapes] = [widest((row) => row.label), widest((row) => row.symbolic)];
  return rows
    .map((row) =>
      `  ${row.label.padEnd(labels)}  ${row.symbolic.padEnd(shapes)}  ${row.numeric}`.trimEnd(),
    )
    .join('\n');
}

/** `= [3, 16]`, with `?` for what has no value; nothing where it would only repeat the symbolic shape. */
function numeric(facts: DimFacts, shape: Shape): string {
  const lengths = shape.axes.map((axis) => `${numberOf(facts, axis) ?? '?'}`);
  const text = `[${[...(shape.lead ? ['...'] : []), ...lengths].join(', ')}]`;
  return lengths.every((length) => length === '?') || text === formatShape(shape)
    ? ''
    : `= ${text}`;
}

function relatedPlaces(
  context: CheckContext,
  { left, right, related }: Disagreement,
): RelatedPlace[] {
  const symbols = [...new Set([...symbolsOf(left.axis), ...symbolsOf(right.axis)])];
  const origins = symbols.flatMap((symbol) => context.originOf(symbol) ?? []);
  const places = [...related, ...origins];
  // Both sides may be one tensor.
  const isFirst = (place: RelatedPlace, at: number) =>
    places.findIndex(
      ({ source, message }) => source.start === place.source.start && message === place.message,
    ) === at;
  return places.filter(isFirst);
}
