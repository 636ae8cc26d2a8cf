/** Matching a tensor to the shape that a signature declares for it, and writing the result's shape back. */
import { t } from '@vscode/l10n';
import {
  type Dim,
  displayName,
  formatDim,
  formatShape,
  literalDim,
  type Shape,
  sameDim,
  substituteDim,
  symbolDim,
  symbolsOf,
} from '../dims/index.ts';
import type { RelatedPlace, SourceRange } from './diagnostic.ts';

/** What a call has given to the generics, the dim parameters and the `...` of a signature. */
export interface Binding {
  readonly dims: Map<string, Dim>;
  /** What each generic was bound by. */
  readonly origins: Map<string, GivenTensor>;
  lead: Shape | undefined;
}

export function emptyBinding(): Binding {
  return { dims: new Map(), origins: new Map(), lead: undefined };
}

/** A demand that arose: `declared`, already in the caller's dims, must be the length of the given axis. */
export interface AxisDemand {
  readonly declared: Dim;
  readonly given: Dim;
  /** Position in the given shape. */
  readonly axis: number;
  /** The axis as the signature says it. */
  readonly written: Dim;
}

/** A tensor that is given, and where. */
export interface GivenTensor {
  readonly shape: Shape;
  readonly label: string;
  readonly source: SourceRange;
}

/** Where the generics of a written axis got their lengths. */
export function boundBy({ dims, origins }: Binding, written: Dim): readonly RelatedPlace[] {
  return symbolsOf(written).flatMap((symbol) => {
    const [dim, tensor] = [dims.get(symbol), origins.get(symbol)];
    if (dim === undefined || tensor === undefined) return [];
    const message = t`${displayName(symbol)} = ${formatDim(dim)} is bound by ${tensor.label}, ${formatShape(tensor.shape)}`;
    return [{ source: tensor.source, message }];
  });
}

export type MatchResult =
  | { readonly kind: 'matched'; readonly demands: readonly AxisDemand[] }
  | { readonly kind: 'rank'; readonly least: number; readonly open: boolean }
  | { readonly kind: 'undecided' };

/**
 * Binds every generic of `declared` that is a bare axis and not bound yet; what is left are demands.
 * An axis that mentions a generic nobody has bound yet makes no demand: the signature says nothing about it here.
 */
export function matchShape(
  binding: Binding,
  generics: ReadonlySet<string>,
  declared: Shape,
  tensor: GivenTensor,
): MatchResult {
  const given = tensor.shape;
  const count = declared.axes.length;
  const tooFew = given.axes.length < count;
  if (given.lead && (!declared.lead || tooFew)) return { kind: 'undecided' };
  if (tooFew || (!declared.lead && given.axes.length > count)) {
    return { kind: 'rank', least: count, open: declared.lead };
  }
  const offset = given.axes.length - count;
  const demands: AxisDemand[] = [];
  if (declared.lead) {
    const lead: Shape = { lead: given.lead, axes: given.axes.slice(0, offset) };
    const mismatch = bindLead(binding, lead, demands);
    if (mismatch !== undefined) return mismatch;
  }
  declared.axes.forEach((axis, i) => {
    const actual = given.axes[offset + i] as Dim;
    const bare = bareSymbol(axis);
    if (bare !== undefined && generics.has(bare) && !binding.dims.has(bare)) {
      binding.dims.set(bare, actual);
      binding.origins.set(bare, tensor);
      return;
    }
    const wanted = substituteBound(axis, binding, generics);
    if (wanted === undefined) return;
    demands.push({ declared: wanted, given: actual, axis: offset + i, written: axis });
  });
  return { kind: 'matched', demands };
}

function bindLead(binding: Binding, lead: Shape, demands: AxisDemand[]): MatchResult | undefined {
  const bound = binding.lead;
  if (bound === undefined) {
    binding.lead = lead;
    return undefined;
  }
  if (bound.lead !== lead.lead) return { kind: 'undecided' };
  if (bound.axes.length !== lead.axes.length) {
    return { kind: 'rank', least: bound.axes.length, open: false };
  }
  bound.axes.forEach((axis, i) => {
    demands.push({ declared: axis, given: lead.axes[i] as Dim, axis: i, written: axis });
  });
  return undefined;
}

/** The shape in the caller's dims. Symbols that nothing is bound to stay. */
export function substituteShape(shape: Shape, binding: Binding): Shape {
  const axes = shape.axes.map((axis) => substituteBinding(axis, binding));
  if (!shape.lead) return { lead: false, axes };
  const lead = binding.lead ?? { lead: true, axes: [] };
  return { lead: lead.lead, axes: [...lead.axes, ...axes] };
}

export function substituteBinding(dim: Dim, binding: Binding): Dim {
  return substituteDim(dim, (symbol) => binding.dims.get(symbol)) ?? literalDim(0);
}

function substituteBound(
  dim: Dim,
  binding: Binding,
  generics: ReadonlySet<string>,
): Dim | undefined {
  const open = symbolsOf(dim).some((symbol) => generics.has(symbol) && !binding.dims.has(symbol));
  return open ? undefined : substituteBinding(dim, binding);
}

function bareSymbol(dim: Dim): string | undefined {
  const [symbol, ...others] = symbolsOf(dim);
  if (symbol === undefined || others.length > 0) return undefined;
  return sameDim(dim, symbolDim(symbol)) ? symbol : undefined;
}
