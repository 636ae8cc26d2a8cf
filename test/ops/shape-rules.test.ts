import { describe, expect, test } from 'vitest';
import { formatShape, literalDim, type Shape, symbolDim } from '../../src/dims/index.ts';
import { type Attribute, type Op, opNamed } from '../../src/ops/index.ts';
import { parametersOf, ruleShape } from './example-calls.ts';

/** `[..., N, 4]` as a shape. */
function shape(text: string): Shape {
  const names = text
    .slice(1, -1)
    .split(', ')
    .filter((name) => name !== '');
  const axes = names.filter((name) => name !== '...');
  return {
    lead: names[0] === '...',
    axes: axes.map((name) => (/^\d/.test(name) ? literalDim(Number(name)) : symbolDim(name))),
  };
}

interface Settings {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly sizes?: Readonly<Record<string, string | number>>;
}

/** The result's shape, or the kind of problem and its message. */
function result(name: string, operands: readonly string[], settings: Settings = {}): string {
  const op = opNamed(name) as Op;
  const tensors = parametersOf(op).filter(({ kind }) => kind === 'tensor');
  const [first] = tensors;
  const shapes = first?.variadic
    ? { [first.name]: operands.map(shape) }
    : Object.fromEntries(operands.map((text, i) => [tensors[i]?.name, [shape(text)]]));
  const rest = Object.entries(settings.sizes ?? {}).map(([label, value]) => ({
    name: /^\d/.test(label) ? undefined : label,
    value: typeof value === 'number' ? literalDim(value) : symbolDim(value),
  }));
  try {
    return formatShape(ruleShape(op, { shapes, attributes: settings.attributes ?? {}, rest }));
  } catch (error) {
    const { kind, message } = error as { kind?: string; message: string };
    if (kind === undefined) throw error;
    return `${kind}: ${message}`;
  }
}

describe('elementwise', () => {
  test('broadcasts literal ones', () => {
    expect(result('add', ['[N, 1, d]', '[M, 1]'])).toBe('[N, M, d]');
    expect(result('where', ['[N, M]', '[]', '[1, M]'])).toBe('[N, M]');
  });
  test('leaves leading axes alone', () => {
    expect(result('multiply', ['[..., N, d]', '[d]'])).toBe('[..., N, d]');
    expect(result('add', ['[..., d]', '[..., d]'])).toBe('[..., d]');
  });
  test('says when leading axes decide', () => {
    expect(result('add', ['[..., d]', '[N, d]'])).toBe(
      'undecided: Which axes of [..., d] and [N, d] meet depends on the leading axes.',
    );
  });
});

describe('matrix products', () => {
  test('of matrices, stacks and vectors', () => {
    expect(result('matmul', ['[N, d]', '[d, k]'])).toBe('[N, k]');
    expect(result('matmul', ['[..., N, d]', '[d, k]'])).toBe('[..., N, k]');
    expect(result('matmul', ['[..., d]', '[..., d, k]'])).toMatch(/^undecided: /);
    expect(result('matmul', ['[h, N, d]', '[d]'])).toBe('[h, N]');
    expect(result('matmul', ['[d]', '[h, d, N]'])).toBe('[h, N]');
    expect(result('matmul', ['[d]', '[d]'])).toBe('[]');
    expect(result('matmul', ['[]', '[d, k]'])).toBe(
      'rank: A matrix product takes tensors of at least one axis, but a is [].',
    );
  });
  test('by equation', () => {
    const by = (equation: string, ...operands: string[]) =>
      result('einsum', operands, { attributes: { equation } });
    expect(by('heads n k, heads m k -> heads n m', '[h, N, k]', '[h, M, k]')).toBe('[h, N, M]');
    expect(by('... n, e n h -> ... e h', '[..., d]', '[E, d, f]')).toBe('[..., E, f]');
    expect(by('kj,ji', '[a, b]', '[b, c]')).toBe('[c, a]');
    expect(by('ij->k', '[a, b]')).toBe(
      'pattern: The result of "ij->k" has "k", which no operand has.',
    );
    expect(by('i j', '[a]')).toBe('rank: The term "i j" names 2 axes, but its tensor is [a].');
  });
});

describe('reductions', () => {
  test('take the last axis unless told', () => {
    expect(result('sum', ['[..., N, d]'])).toBe('[..., N]');
    expect(result('mean', ['[N, d]'], { attributes: { axis: 0, keepdims: true } })).toBe('[1, d]');
    expect(result('max', ['[N, d]'], { attributes: { axis: null } })).toBe('[]');
    expect(result('max', ['[N, d]', '[d]'])).toBe('[N, d]');
  });
  test('name an axis that is not there', () => {
    expect(result('sum', ['[N, d]'], { attributes: { axis: 2 } })).toBe(
      'axis: There is no axis 2 in [N, d], whose axes are -2 to 1.',
    );
    expect(result('softmax', ['[..., d]'], { attributes: { axis: 0 } })).toMatch(
      /^undecided: Axis 0/,
    );
  });
});

describe('rearrange', () => {
  const by = (pattern: string, operand: string, sizes = {}) =>
    result('rearrange', [operand], { attributes: { pattern }, sizes });
  test('splits and merges', () => {
    expect(by('n (h k) -> h n k', '[N, d]', { h: 'heads' })).toBe('[heads, N, d / heads]');
    expect(by('... h n k -> ... n (h k)', '[..., h, N, k]')).toBe('[..., N, h·k]');
    expect(by('... n -> n ...', '[a, b, c]')).toBe('[c, a, b]');
  });
  test('explains a wrong pattern', () => {
    expect(by('a b -> a', '[N, d]')).toMatch(/^pattern: .*"b" is only on the left\.$/);
    expect(by('a (b c) -> a b c', '[N, d]')).toMatch(
      /^pattern: The axis \(b c\) of length d needs/,
    );
    expect(by('a b c -> c b a', '[N, d]')).toBe(
      'rank: The pattern "a b c -> c b a" takes 3 axes, but x is [N, d].',
    );
    expect(by('a b -> b a', '[N, d]', { z: 3 })).toBe(
      'pattern: The pattern "a b -> b a" has no axis "z".',
    );
    expect(by('1 a -> a', '[2, d]')).toMatch(/^axis: The pattern's 1 is 1 long/);
    expect(by('a b -> b a', '[..., N, d]')).toMatch(/^undecided: /);
    expect(by('a (b -> a b', '[N]')).toMatch(/^pattern: /);
  });
});

describe('layout', () => {
  test('joins and cuts', () => {
    expect(result('concat', ['[..., a]', '[..., b]'])).toBe('[..., a + b]');
    expect(result('concat', ['[N, a]', '[a]'])).toMatch(/^rank: concat joins tensors/);
    expect(result('stack', ['[N, a]', '[N, a]'])).toBe('[2, N, a]');
    expect(result('stack', ['[N, a]', '[N, a]'], { attributes: { axis: -1 } })).toBe('[N, a, 2]');
    expect(result('split', ['[N, d]'], { attributes: { parts: 2 } })).toBe('[N, d / 2]');
    expect(result('repeat_axis', ['[g, N, k]'], { attributes: { times: 3, axis: -3 } })).toBe(
      '[3·g, N, k]',
    );
  });
  test('reshapes and expands', () => {
    expect(result('reshape', ['[N, d]'], { sizes: { 0: 2, 1: -1 } })).toBe('[2, N·d / 2]');
    expect(result('reshape', ['[2, 3]'], { sizes: { 0: 4 } })).toBe(
      'argument: reshape keeps all values: 6 of them do not fill 4.',
    );
    expect(result('expand', ['[N, 1]'], { sizes: { 0: 'h', 1: 'N', 2: 'M' } })).toBe('[h, N, M]');
    expect(result('expand', ['[3]'], { sizes: { 0: 4 } })).toMatch(/^axis: An axis of length 3/);
  });
  test('gathers rows', () => {
    expect(result('gather', ['[V, d]', '[..., N]'])).toBe('[..., N, d]');
    expect(result('transpose', ['[d]'])).toMatch(/^rank: This takes a tensor of at least 2 axes/);
  });
});

describe('slices', () => {
  const range = (start: number, stop: number | string) =>
    ({
      kind: 'range',
      start: literalDim(start),
      stop: typeof stop === 'number' ? literalDim(stop) : symbolDim(stop),
    }) as const;
  const at = (index: number) => ({ kind: 'at', index: literalDim(index) }) as const;
  test('keep, drop and add axes', () => {
    const items = [range(0, 'N'), at(3), { kind: 'new axis' } as const];
    expect(result('slice', ['[N, 5, d]'], { attributes: { items } })).toBe('[N, 1, d]');
    expect(result('slice', ['[..., d]'], { attributes: { items: [range(0, 2)] } })).toBe(
      '[..., 2]',
    );
  });
  test('never clamp', () => {
    expect(result('slice', ['[4]'], { attributes: { items: [range(0, 9)] } })).toMatch(/^axis: /);
    expect(result('slice', ['[4]'], { attributes: { items: [at(4)] } })).toMatch(/^axis: /);
    expect(result('slice', ['[4]'], { attributes: { items: [at(-1)] } })).toMatch(/^axis: /);
  });
  test('overwrite with what broadcasts', () => {
    const attributes = { items: [range(1, 3)] };
    expect(result('overwrite', ['[4, d]', '[d]'], { attributes })).toBe('[4, d]');
    expect(result('overwrite', ['[4, d]', '[2, 2, d]'], { attributes })).toMatch(/^rank: /);
    expect(result('overwrite', ['[4, 5]', '[3]'], { attributes })).toMatch(/^axis: /);
  });
});

test('rope checks its settings', () => {
  expect(result('rope', ['[..., N, k]'])).toBe('[..., N, k]');
  expect(result('rope', ['[N, k]'], { attributes: { style: 'spiral' } })).toBe(
    'argument: The style of rope is "half" or "interleaved", not "spiral".',
  );
  expect(result('rope', ['[N, 5]'])).toBe('argument: rope turns pairs, but 5 is odd.');
  expect(result('rope', ['[N, 8]', '[3]'])).toMatch(/^axis: The number of frequencies/);
});

test('top_k takes no more than there is', () => {
  expect(result('top_k', ['[N, V]'], { attributes: { k: 5 } })).toBe('[N, 5]');
  expect(result('top_k', ['[N, 4]'], { attributes: { k: 5 } })).toMatch(/^axis: k of top_k/);
});
