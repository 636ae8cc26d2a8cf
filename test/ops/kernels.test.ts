import { parse } from 'acorn';
import { describe, expect, test } from 'vitest';
import { type Kernel, ops } from '../../src/ops/index.ts';
import { exampleShape, runCall } from './example-calls.ts';

const kernels = new Map<string, Kernel>();
for (const op of ops) {
  for (const example of op.examples) {
    const steps = op.gpu(runCall(op, example, exampleShape(op, example)));
    for (const { kernel } of steps) kernels.set(kernel.name, kernel);
  }
}

/** Every name that a kernel reads and neither declares nor has as a parameter. */
function capturesOf(kernel: Kernel): readonly string[] {
  const read = new Set<string>();
  const declared = new Set(['Math']);
  const visit = (node: unknown, parent: string): void => {
    if (Array.isArray(node)) {
      for (const child of node) visit(child, parent);
      return;
    }
    if (typeof node !== 'object' || node === null) return;
    const fields = Object.entries(node);
    const { type, name, computed } = node as { type?: string; name?: string; computed?: boolean };
    if (type === 'Identifier' && name !== undefined)
      (parent === 'declares' ? declared : read).add(name);
    for (const [field, child] of fields) {
      const declares = field === 'params' || field === 'id';
      if (field === 'property' && computed === false) continue;
      visit(child, declares ? 'declares' : 'reads');
    }
  };
  visit(parse(`(${kernel.source.toString()})`, { ecmaVersion: 2022 }), 'reads');
  return [...read].filter((name) => !declared.has(name));
}

describe('kernels', () => {
  test.each([...kernels.values()])('$name is closed', (kernel) => {
    expect(capturesOf(kernel)).toEqual([]);
  });

  test('write no infinite or missing number as a literal, which WGSL has not', () => {
    const literal = /\bInfinity\b|\bNaN\b/;
    const wrong = [...kernels.values()].filter(({ source }) => literal.test(source.toString()));
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  test('have names of their own', () => {
    const sources = new Map<string, Kernel['source']>();
    const plans = ops.flatMap((op) =>
      op.examples.flatMap((example) => op.gpu(runCall(op, example, exampleShape(op, example)))),
    );
    for (const { kernel } of plans) {
      expect(sources.get(kernel.name) ?? kernel.source).toBe(kernel.source);
      sources.set(kernel.name, kernel.source);
    }
  });

  test('bind at most seven tensors, for a device promises eight with the result', () => {
    for (const op of ops) {
      for (const example of op.examples) {
        for (const { args } of op.gpu(runCall(op, example, exampleShape(op, example)))) {
          expect(args.filter((argument) => typeof argument !== 'number').length).toBeLessThan(8);
        }
      }
    }
  });
});
