import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Analysis, analyze, type FileAccess } from '../../src/analysis/index.ts';

const folder = new URL('../../examples/', import.meta.url);
const examples = readdirSync(folder)
  .filter((name) => name.endsWith('.tblock'))
  .map((name) => readFileSync(new URL(name, folder), 'utf8'));

const files: FileAccess = {
  readText: (uri) => (uri === 'file:///other.tblock' ? examples[0] : undefined),
  resolve: (_from, path) => `file:///${path.replace('./', '')}`,
};
const analyzed = (text: string, before?: Analysis) =>
  analyze('file:///test.tblock', text, files, { before });

const words = [...new Set(examples.flatMap((text) => text.match(/\w+|[^\w\s]/gu) ?? []))];
const edit = fc.record({
  at: fc.nat(),
  deleted: fc.oneof(fc.constant(0), fc.nat({ max: 8 }), fc.nat({ max: 200 })),
  inserted: fc.oneof(
    fc.constantFrom('', '\n', '  y = x\n', '// words\n', '/// Documentation.\n', ...words),
    fc.constantFrom(
      'block B(x: [N]) -> [N] { return x }\n',
      'import { Decoder } from "./other.tblock"\n',
    ),
  ),
});

test('after any edits everything is known of the new text as if it were opened', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...examples),
      fc.array(edit, { minLength: 1, maxLength: 8 }),
      (text, edits) => {
        let now = text;
        let analysis = analyzed(now);
        for (const { at, deleted, inserted } of edits) {
          const start = at % (now.length + 1);
          now = now.slice(0, start) + inserted + now.slice(start + deleted);
          analysis = analyzed(now, analysis);
        }
        expect(described(analysis)).toEqual(described(analyzed(now)));
      },
    ),
    { numRuns: 60 },
  );
}, 120_000);

function described({ immediate, diagnostics, program, targets, dimFacts }: Analysis): unknown {
  const { facts, blocks, models, runs, named } = program;
  const own = [...blocks.values()].filter(({ uri }) => uri === program.uri);
  const inOrder = [...facts].sort((a, b) => a.source.start - b.source.start || order(a, b));
  return { immediate, diagnostics, inOrder, own, models, runs, named, targets, dimFacts };
}

function order(a: { readonly declaration: string }, b: { readonly declaration: string }): number {
  return a.declaration < b.declaration ? -1 : 1;
}
