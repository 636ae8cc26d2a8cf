/** Whether a run fits into the machine: what a run keeps, and what there is. */
import { t } from '@vscode/l10n';
import { type Diagnostic, diagnostic, numberOf } from '../shapes/index.ts';
import type { SourceRange } from '../trace/index.ts';
import type { Analysis } from './analysis.ts';
import { costNamed } from './cost.ts';
import { bytesText } from './cost-text.ts';

/** What runs have to fit into, in bytes. */
export interface Machine {
  readonly memory: number;
}

/** All values are float32 where they are computed. */
export const bytesPerValue = 4;
/** Of what is computed no more is kept than this share of the memory; the rest is computed again on demand. */
const shareOfValues = 0.25;
/** The rest belongs to the editor and to everything else. */
const shareOfMemory = 0.75;

/** Undefined where it fits. */
export function tooLarge(
  bytes: number,
  { memory }: Machine,
  place: SourceRange,
): Diagnostic | undefined {
  const available = memory * shareOfMemory;
  if (bytes <= available) return undefined;
  const message = t`This run needs ${bytesText(bytes)}, and ${bytesText(available)} are to be had: make the dims smaller.`;
  return diagnostic('tooLarge', place, message);
}

/** The runs that cannot fit, known before they start; and models whose every dim has a value. */
export function oversizedRuns(analysis: Analysis, machine: Machine): readonly Diagnostic[] {
  const { targets, uri } = analysis;
  return targets
    .filter(({ kind, source }) => kind !== 'block' && source.uri === uri)
    .flatMap(({ name, source }) => {
      const found = costNamed(analysis, name);
      if (found === undefined) return [];
      const { parameters, inputs, values } = found.cost.total;
      const [learned, given, computed] = [parameters, inputs, values].map((part) =>
        numberOf(found.facts, part),
      );
      if (learned === undefined || given === undefined || computed === undefined) return [];
      const kept = Math.min(computed * bytesPerValue, machine.memory * shareOfValues);
      const bytes = (learned + given) * bytesPerValue + kept;
      return tooLarge(bytes, machine, source) ?? [];
    });
}
