/** What names mean while a body is checked. */
import { t } from '@vscode/l10n';
import { type Dim, formatDim, formatShape, symbolDim } from '../dims/index.ts';
import type { Op } from '../ops/index.ts';
import {
  type Expression as ExpressionNode,
  type Name,
  rangeOf,
  type TextRange,
  textOf,
} from '../syntax/index.ts';
import type { DiagnosticList, RelatedPlace, SourceRange } from './diagnostic.ts';
import { reportUnknown } from './did-you-mean.ts';
import { dimArithmetic } from './dim-arithmetic.ts';
import { evaluateWith } from './dim-facts.ts';
import type { TensorType } from './expression.ts';
import type { CheckContext } from './mismatch.ts';
import type { CheckedBlock, DimDeclaration, NameFact } from './program.ts';
import { remainderDetail } from './remainder-fixes.ts';

/** One file while it is checked. */
export interface FileScope {
  readonly uri: string;
  readonly text: string;
  readonly diagnostics: DiagnosticList;
  readonly syntaxErrors: readonly TextRange[];
  readonly check: CheckContext;
  readonly dims: ReadonlyMap<string, DimDeclaration>;
  readonly facts: NameFact[];
  /** A block that a call can name here. */
  readonly blockNamed: (name: string) => CheckedBlock | undefined;
  /** Names of imports that failed: reported there, so their uses are not. */
  readonly brokenBlocks: ReadonlySet<string>;
  readonly blockNames: () => Iterable<string>;
  /** The result of a block that declares none is that of its body. */
  readonly resultOf: (block: CheckedBlock) => TensorType | undefined;
}

export type CheckedType =
  | { readonly kind: 'tensor'; readonly type: TensorType }
  /** Known when the program is built. */
  | { readonly kind: 'number' }
  | { readonly kind: 'dim'; readonly dim: Dim }
  | { readonly kind: 'bool' }
  | { readonly kind: 'string' }
  | { readonly kind: 'none' }
  | { readonly kind: 'function' }
  | { readonly kind: 'tuple'; readonly parts: readonly TensorType[] }
  /** Reported already, or not known: nothing further is said of it. */
  | { readonly kind: 'broken' };

export interface ValueEntry {
  readonly type: CheckedType;
  readonly optional: boolean;
  readonly kind: 'value' | 'parameter' | 'argument';
  readonly definition: SourceRange;
  readonly declaration: string;
  /** Where its shape is written, for a parameter. */
  readonly shapeSource?: SourceRange | undefined;
  /** The operator that made it, where it has further results: `t.indices`. */
  readonly operator: Op | undefined;
}

export interface BodyScope {
  readonly file: FileScope;
  /** Values and static parameters by name. */
  readonly values: Map<string, ValueEntry>;
  /** Generics and dim parameters: name → symbol. */
  readonly localDims: Map<string, string>;
  /** Explicit labels and what they call. */
  readonly labels: Map<string, { readonly block: string; readonly source: SourceRange }>;
  /** In runs: names are paths of the trace. */
  readonly paths: { readonly runs: ReadonlySet<string> } | undefined;
  readonly owner: string;
}

export function sourceOf(
  file: FileScope,
  node: Parameters<typeof rangeOf>[0],
  property?: string,
  index?: number,
): SourceRange {
  const { start, end } = rangeOf(node, property, index);
  return { uri: file.uri, start, end };
}

/** The length that an expression says, with every problem reported; undefined where there is one. */
export function lengthIn(scope: BodyScope, node: ExpressionNode): Dim | undefined {
  const { file } = scope;
  const result = dimArithmetic(
    node,
    (name) => dimNamed(scope, name),
    (quotient, division) => checkExact(file.check, quotient, sourceOf(file, division)),
  );
  switch (result.kind) {
    case 'dim':
      return result.dim;
    case 'broken':
      return undefined;
    case 'division by zero':
      file.diagnostics.report('inexact', sourceOf(file, result.node), t`A length is divided by 0.`);
      return undefined;
    case 'unfit':
      file.diagnostics.report(
        'notStatic',
        sourceOf(file, result.node),
        t`${textOf(result.node)} is no length: lengths are whole numbers, dims, and + - * / of these.`,
      );
      return undefined;
  }
}

export function checkExact(
  check: CheckContext,
  quotient: Dim,
  source: SourceRange,
  what = formatDim(quotient),
): void {
  const value = evaluateWith(check.facts, quotient);
  if (value.kind !== 'inexact') return;
  check.diagnostics.report(
    'inexact',
    source,
    t`${what} is ${value.dividend} / ${value.divisor}, which leaves a remainder. In a length / is exact.`,
    remainderDetail(check, quotient, value),
  );
}

function dimNamed(scope: BodyScope, node: Name): Dim | undefined {
  const { file } = scope;
  const { name } = node;
  const source = sourceOf(file, node);
  const symbol = scope.localDims.get(name) ?? (file.dims.has(name) ? name : undefined);
  if (symbol !== undefined) {
    const dim = symbolDim(symbol);
    noteDim(file, name, dim, source);
    return dim;
  }
  const value = scope.values.get(name);
  if (value !== undefined) {
    if (value.type.kind !== 'broken') {
      file.diagnostics.report(
        'notStatic',
        source,
        t`${name} is a value, not a dim, so it cannot be a length. Declare it in dims or as a parameter of kind dim.`,
      );
    }
    return undefined;
  }
  const known = [...scope.localDims.keys(), ...file.dims.keys()];
  const message = t`No dim ${name} is known here.`;
  reportUnknown(file.diagnostics, 'unknownDim', source, message, { name, known });
  return undefined;
}

export function noteDim(file: FileScope, name: string, dim: Dim, source: SourceRange): void {
  const declaration = file.dims.get(name);
  const definition = declaration?.definition;
  const text = definition === undefined ? name : `${name} = ${formatDim(definition)}`;
  file.facts.push({
    source,
    name,
    kind: 'dim',
    type: undefined,
    dim,
    declaration: `dim ${text}`,
    doc: declaration?.doc,
    definition: declaration?.source,
  });
}

export function noteValue(
  file: FileScope,
  name: string,
  entry: ValueEntry,
  source: SourceRange,
): void {
  file.facts.push({
    source,
    name,
    kind: entry.kind,
    type: entry.type.kind === 'tensor' ? entry.type.type : undefined,
    dim: entry.type.kind === 'dim' ? entry.type.dim : undefined,
    declaration: entry.declaration,
    doc: undefined,
    definition: entry.definition,
  });
}

/** `pre: [N, d_ff]`, assigned there. */
export function originOf(name: string, entry: ValueEntry): RelatedPlace | undefined {
  if (entry.type.kind !== 'tensor') return undefined;
  const shape = formatShape(entry.type.type.shape);
  return { source: entry.definition, message: t`${name}: ${shape} comes from here` };
}
