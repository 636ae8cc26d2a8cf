import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ParsedProgram, parseProgram, rangeOf } from '../../src/syntax/index.ts';
import { isTree, outline } from './outline.ts';

const folder = new URL('../../examples/', import.meta.url);
const examples = readdirSync(folder)
  .filter((name) => name.endsWith('.tblock'))
  .map((name) => readFileSync(new URL(name, folder), 'utf8'));

const words = [...new Set(examples.flatMap((text) => text.match(/\w+|\s+|[^\w\s]/gu) ?? []))];
const edit = fc.record({
  at: fc.nat(),
  deleted: fc.oneof(fc.constant(0), fc.nat({ max: 12 }), fc.nat({ max: 300 })),
  inserted: fc.oneof(
    fc.constantFrom('', ...words),
    fc.constantFrom('{', '}', '(', '/*', '*/', '"', '\n', 'block B(', 'model M {\n', 'dims {'),
  ),
});

test('after any edits the tree is that of the new text, with its places', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...examples),
      fc.array(edit, { minLength: 1, maxLength: 12 }),
      (text, edits) => {
        let now = text;
        let parsed = parseProgram(now);
        for (const { at, deleted, inserted } of edits) {
          const start = at % (now.length + 1);
          now = now.slice(0, start) + inserted + now.slice(start + deleted);
          parsed = parseProgram(now, parsed);
        }
        expect(described(parsed)).toEqual(described(parseProgram(now)));
      },
    ),
    { numRuns: 100 },
  );
}, 60_000);

test('a declaration that no longer looks like one belongs to what the one before it leaves open', () => {
  const open = 'model M {\n  output y = x\n\n';
  const before = parseProgram(`${open}run demo for M {\n}\n`);
  const text = `${open}run demo Howfor M {\n}\n`;
  const parsed = parseProgram(text, before);

  expect(before.pieces.length).toBe(2);
  expect(parsed.pieces.length).toBe(1);
  expect(described(parsed)).toEqual(described(parseProgram(text)));
});

function described({ program, syntaxErrors }: ParsedProgram): unknown {
  return {
    tree: outline(program.declarations),
    places: placesIn(program.declarations),
    syntaxErrors,
  };
}

function placesIn(tree: unknown): readonly unknown[] {
  if (Array.isArray(tree)) return tree.flatMap(placesIn);
  if (!isTree(tree)) return [];
  const children = Object.entries(tree).filter(([key]) => !key.startsWith('$'));
  return [rangeOf(tree), ...children.flatMap(([, child]) => placesIn(child))];
}
