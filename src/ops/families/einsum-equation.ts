/** Equations of einsum: `h n k, h m k -> h n m`. */
import { t } from '@vscode/l10n';

export interface EinsumEquation {
  /** Labels per operand, in order of its axes. */
  readonly operands: readonly (readonly string[])[];
  readonly result: readonly string[];
}

/** What stands for the axes that an equation does not name; the last one is the same in all operands. */
export const ellipsisLabel = '...';

/**
 * The equation, or in a sentence what is wrong with it. A term with spaces inside is made of words (`heads n k`);
 * where no term has any, every letter is a label (`hnk`). Without an arrow the result has the labels that occur once,
 * in alphabetical order, behind `...`.
 */
export function readEinsum(text: string): EinsumEquation | { readonly problem: string } {
  const [before = '', after, ...more] = text.split('->');
  if (more.length > 0) return { problem: t`The equation "${text}" has more than one arrow.` };
  const terms = before.split(',').map((term) => term.trim());
  const written = after === undefined ? terms : [...terms, after.trim()];
  const byWords = written.some((term) =>
    /\s/.test(
      term
        .replaceAll('...', ' ... ')
        .trim()
        .replace(/^\.\.\. | \.\.\.$/g, ''),
    ),
  );
  const read = written.map((term) => readTerm(term, byWords));
  const unread = written[read.indexOf(undefined)];
  if (unread !== undefined) {
    return { problem: t`"${unread}" in the equation "${text}" is not made of labels.` };
  }
  const labels = read.filter((term) => term !== undefined);
  const operands = labels.slice(0, terms.length);
  const result = after === undefined ? implicitResult(operands) : (labels.at(-1) ?? []);
  const unknown = result.find((label) => !operands.flat().includes(label));
  if (unknown !== undefined) {
    return { problem: t`The result of "${text}" has "${unknown}", which no operand has.` };
  }
  const twice = result.find((label, i) => result.indexOf(label) !== i);
  if (twice !== undefined) {
    return { problem: t`The result of "${text}" has "${twice}" twice.` };
  }
  if (operands.flat().includes(ellipsisLabel) && !result.includes(ellipsisLabel)) {
    return { problem: t`The axes "..." of "${text}" are missing in its result.` };
  }
  return { operands, result };
}

function readTerm(term: string, byWords: boolean): readonly string[] | undefined {
  const label = byWords ? /\.\.\.|[\p{L}_][\p{L}\p{N}_']*/gu : /\.\.\.|\p{L}/gu;
  const labels = term.match(label) ?? [];
  const rest = term.replaceAll(label, '').trim();
  const ellipses = labels.filter((found) => found === ellipsisLabel).length;
  return rest === '' && ellipses <= 1 ? labels : undefined;
}

function implicitResult(operands: readonly (readonly string[])[]): readonly string[] {
  const all = operands.flat();
  const once = all.filter(
    (label) => label !== ellipsisLabel && all.indexOf(label) === all.lastIndexOf(label),
  );
  return [...(all.includes(ellipsisLabel) ? [ellipsisLabel] : []), ...once.sort()];
}

/** A term with `...` written out as so many labels; those of a shorter operand are the last ones. */
export function labelsFor(
  term: readonly string[],
  axes: number,
  longest: number,
): readonly string[] {
  return term.flatMap((label) => {
    if (label !== ellipsisLabel) return [label];
    return Array.from({ length: axes }, (_, i) => `${ellipsisLabel}${longest - axes + i}`);
  });
}
