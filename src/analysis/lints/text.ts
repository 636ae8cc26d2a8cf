/** What lints ask of the text itself. */
import type { SourceRange } from '../../trace/index.ts';
import type { Analysis } from '../analysis.ts';

/** Whether a run or a weights mapping writes the name: paths are resolved only when the model is built. */
export function isMentionedInRuns({ program, text }: Analysis, name: string): boolean {
  const extents = [
    ...program.runs.map(({ extent }) => extent),
    ...[...program.weights.values()].flatMap(({ mappings }) => mappings.map((m) => m.source)),
  ];
  return extents.some(({ start, end }) => wordIn(name, text.slice(start, end)) !== undefined);
}

/** Where a name first stands in a text on its own. */
export function wordIn(name: string, text: string): number | undefined {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const found = new RegExp(`(?<![\\p{L}\\p{N}_.])${escaped}(?![\\p{L}\\p{N}_'])`, 'u').exec(text);
  return found?.index;
}

/** The place to cut so that a declaration or statement goes and no gap stays: its lines, or it and its separator. */
export function removal(text: string, { uri, start, end }: SourceRange): SourceRange {
  const before = text.slice(0, start);
  const after = text.slice(end);
  const indent = /(^|\n)[ \t]*$/.exec(before);
  const rest = /^[ \t]*,?[ \t]*(\/\/[^\n]*)?(\n|$)/.exec(after);
  if (indent !== null && rest !== null) {
    const lineStart = start - indent[0].length + (indent[1]?.length ?? 0);
    return { uri, start: lineStart, end: end + rest[0].length };
  }
  const comma = /^[ \t]*,[ \t]*/.exec(after);
  if (comma !== null) return { uri, start, end: end + comma[0].length };
  const earlier = /[ \t]*,[ \t]*$/.exec(before);
  return { uri, start: start - (earlier?.[0].length ?? 0), end };
}
