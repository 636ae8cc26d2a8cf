import type { Trace } from '../trace/index.ts';
import { tokenIds } from './head-scores.ts';

/** Labels of `count` positions: the tokens' text or number where the run has as many, else their index. */
export async function tokenLabels(
  trace: Pick<Trace, 'tokens' | 'tensors' | 'read'>,
  count: number,
): Promise<readonly string[]> {
  if (trace.tokens?.length === count) return trace.tokens.map(visibleToken);
  const ids = await tokenIds(trace, count);
  return Array.from({ length: count }, (_, i) =>
    ids === undefined ? String(i) : tokenName(ids[i]),
  );
}

/** A token of the vocabulary whose text is not known. */
export function tokenName(id: number | undefined): string {
  return `#${id}`;
}

/** A token with its white space and control characters made visible: a byte-pair token differs by a leading space. */
export function visibleToken(text: string): string {
  if (text === '') return '∅';
  const shown = text.replaceAll(' ', '·').replaceAll('\n', '↵').replaceAll('\t', '⇥');
  return shown.replace(/\p{Cc}/gu, escaped);
}

/** `\x1b`, as Python writes it. */
function escaped(character: string): string {
  return `\\x${(character.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`;
}
