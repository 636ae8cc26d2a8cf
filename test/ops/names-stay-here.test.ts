import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ops } from '../../src/ops/index.ts';

/** Operators whose names mean something else too: roles, verdicts, kinds of step, settings of a run. */
const plainWords = new Set([
  ...['add', 'and', 'equal', 'floor', 'max', 'mean', 'min', 'norm', 'not', 'or', 'slice'],
  ...['softmax', 'stack', 'std', 'top_k', 'transpose', 'where'],
]);

// Kernels, and the forms that are planned for them, are named for the function that they compute; importers of models
// write programs, in which operators are called by name.
const folders = /^(ops|kernels|engine\/backends\/simd|formats\/hf)\//;

test('no operator is named in the sources outside src/ops', () => {
  const root = new URL('../../src/', import.meta.url);
  const named = ops.map(({ name }) => name).filter((name) => !plainWords.has(name));
  const literal = new RegExp(`['"\`](${named.join('|')})['"\`]`, 'g');
  const found = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !folders.test(path) && !path.includes('generated'))
    .flatMap((path) =>
      [...readFileSync(new URL(path, root), 'utf8').matchAll(literal)].map(
        ([text]) => `${path}: ${text}`,
      ),
    );
  expect(found).toEqual([]);
});
