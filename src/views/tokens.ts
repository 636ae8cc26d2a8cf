import type { Trace } from '../trace/index.ts';

/** Labels of `count` positions: the tokens' text where the run knows as many, else their index. */
export function tokenLabels(trace: Pick<Trace, 'tokens'>, count: number): readonly string[] {
  const { tokens } = trace;
  if (tokens === undefined || tokens.length !== count) {
    return Array.from({ length: count }, (_, index) => String(index));
  }
  return tokens.map(visibleToken);
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
