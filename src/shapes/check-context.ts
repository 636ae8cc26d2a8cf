/** What every comparison of lengths needs to know. */
import type { DiagnosticList, RelatedPlace } from './diagnostic.ts';
import type { DimFacts } from './dim-facts.ts';
import type { DimDeclaration } from './program.ts';

/** Where dims come from, and how strict to be. */
export interface CheckContext {
  readonly facts: DimFacts;
  readonly diagnostics: DiagnosticList;
  /** Where a dim was declared. */
  readonly originOf: (symbol: string) => RelatedPlace | undefined;
  /** The declaration that a fix may change. */
  readonly declarationOf?: (symbol: string) => DimDeclaration | undefined;
  /** `instance`: all dims have values, so only disagreement counts. */
  readonly mode: 'symbolic' | 'instance';
}
