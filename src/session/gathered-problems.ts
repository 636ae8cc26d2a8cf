/** Problems that share a place, e.g. all the parameters that one weight file lacks: one diagnostic names them all. */
import { t } from '@vscode/l10n';
import type { CodeName, DiagnosticList } from '../shapes/index.ts';
import type { SourceRange } from '../trace/index.ts';

/** More lines than this are counted instead. */
const shownProblems = 12;

interface Problem {
  readonly code: CodeName;
  readonly place: SourceRange;
  readonly messages: string[];
}

export class GatheredProblems {
  readonly #byPlace = new Map<string, Problem>();

  report(code: CodeName, place: SourceRange, message: string): void {
    const key = `${code} ${place.uri} ${place.start} ${place.end}`;
    const known = this.#byPlace.get(key);
    if (known === undefined) this.#byPlace.set(key, { code, place, messages: [message] });
    else known.messages.push(message);
  }

  reportTo(diagnostics: DiagnosticList): void {
    for (const { code, place, messages } of this.#byPlace.values()) {
      const shown = messages.slice(0, shownProblems);
      const more = messages.length - shown.length;
      if (more > 0) shown.push(t`And ${more} more of the kind.`);
      diagnostics.report(code, place, shown.join('\n'));
    }
  }
}
