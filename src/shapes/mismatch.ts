/** The one place that words a disagreement of two lengths: both shapes, symbolic and numeric, aligned. */
import { t } from '@vscode/l10n';
import { type Dim, displayName, formatDim, symbolsOf } from '../dims/index.ts';
import { alignedSides, type Side } from './aligned-shapes.ts';
import type { CodeName } from './catalog.ts';
import type { CheckContext } from './check-context.ts';
import type { Fix, RelatedPlace, SourceRange } from './diagnostic.ts';
import { type Comparison, compareDims, type DimFacts, numberOf } from './dim-facts.ts';
import { relationFixes, usefulRelations } from './relation-fixes.ts';
import { relationText } from './relations.ts';

export type { Side } from './aligned-shapes.ts';
export type { CheckContext } from './check-context.ts';

export interface Disagreement {
  readonly source: SourceRange;
  /** What must agree: `The axes that a product sums over differ`. */
  readonly headline: string;
  readonly left: Side;
  readonly right: Side;
  readonly related: readonly RelatedPlace[];
  /** Ways out beside those in `dims`; asked for only where the lengths disagree. */
  readonly fixes?: () => readonly Fix[];
}

/** Compares, reports what there is to report, and says whether work can go on with the axis. */
export function demandEqual(context: CheckContext, found: Disagreement): boolean {
  const { left, right } = found;
  const comparison = compareDims(context.facts, left.axis, right.axis);
  const code = codeOf(comparison, context.mode);
  if (code !== undefined) {
    const ways = context.mode === 'instance' ? [] : (found.fixes?.() ?? []);
    context.diagnostics.report(code, found.source, wording(context, found, comparison), {
      related: relatedPlaces(context, found),
      fixes: [...ways, ...relationFixes(context, left.axis, right.axis)],
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

function wording(context: CheckContext, found: Disagreement, comparison: Comparison): string {
  const lines = [
    firstLine(context.facts, found, comparison),
    ...alignedSides(context.facts, [found.left, found.right]),
    ...wayOut(context, found, comparison),
  ];
  return lines.join('\n').trimEnd();
}

function firstLine(
  facts: DimFacts,
  { headline, left, right }: Disagreement,
  comparison: Comparison,
): string {
  const pair = t`${withValue(facts, left.axis)} and ${withValue(facts, right.axis)}`;
  switch (comparison.kind) {
    case 'equal':
    case 'unequal':
      return `${headline}: ${pair}.`;
    case 'coincidence':
      return t`${headline} in general: they agree only while ${[...new Set([formatDim(left.axis), formatDim(right.axis), `${comparison.value}`])].join(' = ')}.`;
    case 'undecided':
      return undecidedLine(
        headline,
        [left, right].map(({ axis }) => formatDim(axis)).join(' = '),
        comparison.free,
      );
  }
}

function undecidedLine(headline: string, relation: string, free: readonly string[]): string {
  const names = free.map(displayName).join(', ');
  return free.length > 1
    ? t`${headline} unless ${relation}: ${names} have no value.`
    : t`${headline} unless ${relation}: ${names} has no value.`;
}

/** What would have to be equal, where a line of `dims` can say it. */
function wayOut(
  context: CheckContext,
  { left, right }: Disagreement,
  comparison: Comparison,
): readonly string[] {
  const [relation] = usefulRelations(context, left.axis, right.axis);
  if (relation === undefined) return [];
  const text = relationText(relation);
  return comparison.kind === 'coincidence'
    ? [`  ${t`With ${text} in dims they agree for all values.`}`]
    : [`  ${t`They would agree with ${text}.`}`];
}

/** `d_ff = 16`, or `4` for a literal. */
function withValue(facts: DimFacts, dim: Dim): string {
  const symbolic = formatDim(dim);
  const value = numberOf(facts, dim);
  return value === undefined || symbolic === `${value}` ? symbolic : `${symbolic} = ${value}`;
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
