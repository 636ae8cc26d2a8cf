import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { opNamed, ops, opWritten, sourceNamed, sources } from '../../src/ops/index.ts';
import { parametersOf } from './example-calls.ts';

const folder = new URL('../../src/ops/', import.meta.url);
const kebab = (name: string) => `${name.replaceAll('_', '-')}.ts`;

describe('the lists', () => {
  test('have one file per operator, in the order of the folder', async () => {
    const contracts = ['form.ts', 'index.ts', 'made.ts', 'op.ts', 'source.ts'];
    const files = (await readdir(folder)).filter((file) => file.endsWith('.ts'));
    const expected = files.filter((file) => !contracts.includes(file)).sort();
    expect(ops.map(({ name }) => kebab(name)).sort()).toEqual(expected);
  });

  test('have one file per source', async () => {
    const files = (await readdir(new URL('sources/', folder))).filter((file) => file !== 'fans.ts');
    expect(sources.map(({ name }) => kebab(name))).toEqual(files.sort());
  });

  test('have each name once', () => {
    const names = [...ops, ...sources].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  test('are found by name and by notation', () => {
    expect(opNamed('softmax')?.doc).toContain('exp(x)');
    expect(opNamed('sotfmax')).toBeUndefined();
    expect(sourceNamed('zeros')?.stream).toBe('none');
    expect(opWritten({ kind: 'binary', symbol: '@' })).toBe(opNamed('matmul'));
    expect(opWritten({ kind: 'prefix', symbol: '-' })).toBe(opNamed('negate'));
    expect(opWritten({ kind: 'binary', symbol: '-' })).toBe(opNamed('subtract'));
    expect(opWritten({ kind: 'member', symbol: 'T' })).toBe(opNamed('transpose'));
    expect(opWritten({ kind: 'index', by: 'tensor' })).toBe(opNamed('gather'));
    expect(opWritten({ kind: 'internal', purpose: 'patch' })).toBe(opNamed('overwrite'));
    expect(() => opWritten({ kind: 'binary', symbol: '?' })).toThrow('No operator is written');
  });
});

describe.each(ops)('$name', (op) => {
  test('is documented in one sentence', () => {
    expect(op.doc).toMatch(/^[^\n]+\.$/);
  });

  test('has a signature of its own name and at least two examples', () => {
    expect(op.signature.startsWith(`${op.name}(`)).toBe(true);
    expect(() => parametersOf(op)).not.toThrow();
    expect(op.examples.length).toBeGreaterThanOrEqual(2);
  });

  test('mentions in its PyTorch form only what it has', () => {
    const names = new Set(parametersOf(op).map(({ name }) => name));
    const mentioned = [...op.torch.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
    expect(mentioned.filter((name) => !names.has(name))).toEqual([]);
  });
});

describe('every source', () => {
  test.each(sources)('$name', ({ name, doc, signature, fill }) => {
    expect(doc).toMatch(/^[^\n]+\.$/);
    expect(signature.startsWith(`${name}(`)).toBe(true);
    const arguments_: Record<string, number> = { v: 2, mean: 0, std: 1, low: 0, high: 1 };
    const values = new Float64Array(6).fill(Number.NaN);
    fill(values, {
      shape: [2, 3],
      number: (argument) => arguments_[argument] ?? Number.NaN,
      random: { uniform: () => 0.75, normal: () => 0.5 },
    });
    expect(values.every(Number.isFinite)).toBe(true);
  });

  test('xavier_uniform and kaiming_normal read parameters as [in, out]', () => {
    const first = (name: string) => {
      const values = new Float64Array(8);
      sourceNamed(name)?.fill(values, {
        shape: [4, 2],
        number: () => Number.NaN,
        random: { uniform: () => 1, normal: () => 1 },
      });
      return values[0];
    };
    expect(first('xavier_uniform')).toBeCloseTo(Math.sqrt(6 / (4 + 2)));
    expect(first('kaiming_normal')).toBeCloseTo(Math.sqrt(2 / 4));
  });
});
