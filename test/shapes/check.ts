/** Programs with their diagnostics written under the lines, with carets: `//  ^^^ TB101: …`. */
import { expect } from 'vitest';
import { analyze, type FileAccess } from '../../src/analysis/index.ts';
import type { Diagnostic } from '../../src/shapes/index.ts';
import { LineMap } from '../../src/syntax/index.ts';

const annotation = /^\/\/\s*\^/;
export const noFiles: FileAccess = {
  readText: () => undefined,
  resolve: (_from, path) => `file:///${path}`,
};

/** Checks the program without its annotations and compares what is found with them; a failure shows both texts. */
export function check(annotated: string, files: FileAccess = noFiles): void {
  const text = annotated
    .split('\n')
    .filter((line) => !annotation.test(line))
    .join('\n');
  const { diagnostics } = analyze('file:///test.tblock', text, files);
  expect(annotate(text, diagnostics)).toBe(annotated);
}

/** All diagnostics of a program, for what a caret cannot show. */
export function diagnosticsOf(text: string, files: FileAccess = noFiles): readonly Diagnostic[] {
  return analyze('file:///test.tblock', text, files).diagnostics;
}

function annotate(text: string, diagnostics: readonly Diagnostic[]): string {
  const map = new LineMap(text);
  return text
    .split('\n')
    .flatMap((line, number) => [
      line,
      ...diagnostics.flatMap(({ source, code, message }) => {
        const start = map.positionAt(source.start);
        if (start.line !== number) return [];
        const end = map.positionAt(source.end);
        const width =
          end.line === number ? end.character - start.character : line.length - start.character;
        const carets = '^'.repeat(Math.max(1, width));
        const margin = ' '.repeat(Math.max(0, start.character - 2));
        return [`//${margin}${carets} ${code}: ${message.split('\n')[0]}`];
      }),
    ])
    .join('\n');
}
