/** One record of the catalogue of diagnostics. */

export interface CatalogEntry {
  readonly code: string;
  /** `hint`: nothing is wrong, but something may be meant otherwise or is not needed. */
  readonly severity: Severity;
  readonly title: string;
  /** What it means, a few sentences. */
  readonly explanation: string;
  /** How to mend it, or how to say that it is meant so. */
  readonly fix: string;
  /** A program, or the lines that matter of one, which has it. */
  readonly wrong: string;
  readonly right: string;
}

export type Severity = 'error' | 'warning' | 'hint';

export const entry = (
  code: string,
  severity: Severity,
  title: string,
  explanation: string,
  fix: string,
  wrong: string,
  right: string,
): CatalogEntry => ({ code, severity, title, explanation, fix, wrong, right });
