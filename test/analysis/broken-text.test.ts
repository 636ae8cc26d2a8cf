import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  analyze,
  type FileAccess,
  preludeText,
  standardLibrary,
} from '../../src/analysis/index.ts';

const files: FileAccess = {
  readText: () => undefined,
  resolve: (_from, path) => `file:///${path}`,
};
const folder = new URL('../../examples/', import.meta.url);
const examples = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.tblock'))
  .map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }));

/** On purpose: mistakes to look at, and a listing that the textbook prints with one. */
const wrong = ['shape-errors.tblock', 'chapters/1-self-attention-and-feedforward-listing.tblock'];

/** How many prefixes of a text are tried: in a short one every seventh character ends one. */
const prefixes = 80;

/** Long enough for the longest chapter on a machine that has other work. */
const patience = 120_000;

const analyzed = (text: string) => analyze('file:///test.tblock', text, files);

test('the standard library checks without a word', () => {
  expect(standardLibrary().diagnostics).toEqual([]);
});

describe.each(examples)('$name', ({ name, text }) => {
  test('is analysed as its author meant it', () => {
    const errors = analyzed(text).diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors.length > 0).toBe(wrong.includes(name));
  });

  test(
    'any prefix is analysed',
    () => {
      const step = Math.max(7, Math.ceil(text.length / prefixes));
      for (let length = 0; length < text.length; length += step) analyzed(text.slice(0, length));
    },
    patience,
  );

  test(
    'with any one line deleted, every block that is left is still found',
    () => {
      const lines = text.split('\n');
      const whole = analyzed(text).targets.length;
      for (const deleted of lines.keys()) {
        const rest = lines.filter((_, i) => i !== deleted).join('\n');
        const { targets } = analyzed(rest);
        // A declaration whose own first or last line went may be lost; the others must not be.
        expect(targets.length).toBeGreaterThanOrEqual(whole - 2);
      }
    },
    patience,
  );
});

test(
  'a text put together from pieces of programs never makes the analysis throw',
  () => {
    const pieces = [...examples.map(({ text }) => text), preludeText].flatMap(
      (text) => text.match(/\w+|\s+|[^\w\s]/gu) ?? [],
    );
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 120 }), (parts) => {
        analyzed(parts.join(''));
      }),
      { numRuns: 300 },
    );
  },
  patience,
);

test(
  'one piece of a program replaced by another never makes the analysis throw',
  () => {
    const words = examples.flatMap(({ text }) => text.match(/\w+|[^\w\s]/gu) ?? []);
    fc.assert(
      fc.property(
        fc.constantFrom(...examples),
        fc.nat(),
        fc.constantFrom(...words),
        ({ text }, at, word) => {
          const parts = text.split(/(\w+|[^\w\s])/u);
          parts[at % parts.length] = word;
          analyzed(parts.join(''));
        },
      ),
      { numRuns: 300 },
    );
  },
  patience,
);
