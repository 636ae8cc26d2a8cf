/** Diagnostics as data. Every one has a code of the catalogue, a precise place, and says the way out. */
import { type CodeName, catalog, type Severity } from './catalog.ts';

/** Half-open range of UTF-16 offsets in a file. */
export interface SourceRange {
  readonly uri: string;
  readonly start: number;
  readonly end: number;
}

export interface Diagnostic {
  /** TB001 … */
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly source: SourceRange;
  readonly related: readonly RelatedPlace[];
  readonly fixes: readonly Fix[];
}

export interface RelatedPlace {
  readonly source: SourceRange;
  readonly message: string;
}

export interface Fix {
  readonly title: string;
  readonly edits: readonly { readonly source: SourceRange; readonly text: string }[];
}

export interface DiagnosticDetail {
  readonly related?: readonly RelatedPlace[];
  readonly fixes?: readonly Fix[];
}

export function diagnostic(
  name: CodeName,
  source: SourceRange,
  message: string,
  detail: DiagnosticDetail = {},
): Diagnostic {
  const { code, severity } = catalog[name];
  return {
    code,
    severity,
    message,
    source,
    related: detail.related ?? [],
    fixes: detail.fixes ?? [],
  };
}

/** Where a stage puts what it finds; the same finding at the same place counts once. */
export class DiagnosticList {
  readonly #byKey = new Map<string, Diagnostic>();

  add(found: Diagnostic): void {
    const key = `${found.code}@${found.source.uri}:${found.source.start}-${found.source.end}`;
    if (!this.#byKey.has(key)) this.#byKey.set(key, found);
  }

  report(name: CodeName, source: SourceRange, message: string, detail?: DiagnosticDetail): void {
    this.add(diagnostic(name, source, message, detail));
  }

  get all(): readonly Diagnostic[] {
    return [...this.#byKey.values()].sort((a, b) => a.source.start - b.source.start);
  }
}
