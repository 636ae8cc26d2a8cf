/** Patches in all forms of LANGUAGE §7. */
import { expect, test } from 'vitest';
import { problems, run, values } from './run-text.ts';

/** h is 2·x in each copy, and the stream keeps the sum: 3, then 9, then 27 times the input. */
const model = `
  model M {
    input x: [3] = [1, 10, 100]
    repeat 3 as blocks {
      h = x * 2
      x += h
    }
    output y = x
  }`;

const patched = (...lines: readonly string[]) =>
  run(`${model}\nrun r for M {\n${lines.join('\n')}\n}\nrun plain for M { seed = 1 }`, {
    target: 'r',
  });

test('a value is replaced, and what depends on it is computed from it', async () => {
  const trace = await patched('patch blocks.1.h = 0');
  expect(await values(trace, 'blocks.0.x')).toEqual([3, 30, 300]);
  expect(await values(trace, 'blocks.1.h')).toEqual([0, 0, 0]);
  expect(await values(trace, 'blocks.1.x')).toEqual([3, 30, 300]);
  expect(await values(trace, 'y')).toEqual([9, 90, 900]);
});

test.each([
  ['blocks.0.h[1] = 5', [2, 5, 200]],
  ['blocks.0.h[-1] = 5', [2, 20, 5]],
  ['blocks.0.h[0:2] = 5', [5, 5, 200]],
  ['blocks.0.h[1:] = [7, 8]', [2, 7, 8]],
  ['blocks.0.h = [7, 8, 9]', [7, 8, 9]],
  ['blocks.0.h = self * self', [4, 400, 40_000]],
  ['blocks.0.h[2] = self + 1', [2, 20, 201]],
  ['blocks.0.h[0:2] = -self', [-2, -20, 200]],
  ['blocks.0.h = mean(self)', [74, 74, 74]],
  ['blocks.0.h = zeros', [0, 0, 0]],
  ['blocks.0.h[1:] = ones', [2, 1, 1]],
] as const)('patch %s', async (patch, expected) => {
  expect(await values(await patched(`patch ${patch}`), 'blocks.0.h')).toEqual(expected);
});

test('slices of several axes, with broadcasting of the value', async () => {
  const trace = await run(`
    model M {
      input x: [2, 2, 3] = [[[1, 2, 3], [4, 5, 6]], [[7, 8, 9], [10, 11, 12]]]
      h = x + 0
      output y = h
    }
    run r for M {
      patch h[1] = 0
      patch h[:, 0, 1] = [20, 30]
      patch h[..., -1] = [[1], [2]] * [5, 6]
    }`);
  expect(await values(trace, 'y')).toEqual([1, 20, 5, 4, 5, 6, 0, 30, 10, 0, 0, 12]);
});

test('* patches every copy, each with its own self', async () => {
  const trace = await patched('patch blocks.*.h[0] = 0', 'patch blocks.*.h[1] = self / 2');
  expect(await values(trace, 'blocks.0.h')).toEqual([0, 10, 200]);
  expect(await values(trace, 'blocks.1.h')).toEqual([0, 20, 600]);
  expect(await values(trace, 'y')).toEqual([1, 80, 2700]);
});

test('patches apply in the order written', async () => {
  const trace = await patched(
    'patch blocks.0.h = 1',
    'patch blocks.0.h = self + 1',
    'patch blocks.0.h[0] = 7',
  );
  expect(await values(trace, 'blocks.0.h')).toEqual([7, 2, 2]);
  const other = await patched('patch blocks.0.h[0] = 7', 'patch blocks.0.h = 1');
  expect(await values(other, 'blocks.0.h')).toEqual([1, 1, 1]);
});

test('a bare name is the last version; a version of its own is patched by its number', async () => {
  const last = await patched('patch blocks.1.x = 0');
  expect(await values(last, 'blocks.1.x#0')).toEqual([3, 30, 300]);
  expect(await values(last, 'blocks.1.x#1')).toEqual([0, 0, 0]);
  expect(await values(last, 'y')).toEqual([0, 0, 0]);
  const entry = await patched('patch blocks.1.x#0 = 1');
  expect(await values(entry, 'blocks.0.x')).toEqual([3, 30, 300]);
  expect(await values(entry, 'blocks.1.h')).toEqual([2, 2, 2]);
  expect(await values(entry, 'y')).toEqual([9, 9, 9]);
  const input = await patched('patch x#0[1] = 0');
  expect(await values(input, 'y')).toEqual([27, 0, 2700]);
});

test('a value of another run, whole or sliced, patched there or not', async () => {
  const text = `${model}
    run clean for M { x = [1, 2, 3] }
    run ablated for M { patch blocks.0.h = 0 }
    run both for M {
      patch blocks.0.h = clean.blocks.0.h
      patch blocks.1.h[0] = ablated.blocks.1.h[1]
      patch blocks.2.h[1:3] = clean.blocks.2.h[0:2] + self
    }`;
  const trace = await run(text, { target: 'both' });
  expect(await values(trace, 'blocks.0.h')).toEqual([2, 4, 6]);
  // blocks.1.h of the ablated run is 2·x.
  expect(await values(trace, 'blocks.1.h')).toEqual([20, 28, 212]);
  expect(await values(trace, 'blocks.2.h')).toEqual([46, 84 + 18, 636 + 36]);
  expect(await values(trace, 'y')).toEqual([46 + 23, 102 + 42, 672 + 318]);
});

test('the result of a call is patched under its label, and beneath it', async () => {
  const text = (path: string) => `
    model M {
      input x: [2] = [1, 2]
      x += Linear(x, out: 2, bias: false) as mlp
      output y = x
    }
    run r for M { patch ${path} = 0 }`;
  const call = await run(text('mlp'));
  expect(await values(call, 'y')).toEqual([1, 2]);
  const inside = await run(text('mlp.y'));
  expect(await values(inside, 'mlp')).toEqual([0, 0]);
  const weight = await run(text('mlp.W'));
  expect(await values(weight, 'y')).toEqual([1, 2]);
});

test('an attention pattern is patched before it is used', async () => {
  const trace = await run(`
    dims { N = 3, d = 4 }
    model M {
      input x: [N, d]
      repeat 2 as blocks {
        x = PreNormBlock(x, heads: 2)
      }
      output y = x
    }
    run r for M {
      patch blocks.1.attn.pattern[1] = eye
      patch blocks.*.attn.z[0] = 0
      expect blocks.1.attn.z[1] ~ blocks.1.attn.v[1] within 0
      expect blocks.0.attn.z[0] == 0
      expect sum(blocks.1.attn.pattern) ~ 1
    }`);
  expect(trace.expectations.map(({ passed }) => passed)).toEqual([true, true, true]);
});

test('mistakes in a patch are errors where they stand', async () => {
  const found = async (patch: string) => {
    const [first, ...more] = await problems(`${model}\nrun r for M { patch ${patch} }`);
    expect(more).toEqual([]);
    return first;
  };
  expect(await found('blocks.0.g = 0')).toMatch(/^TB\d{3} blocks\.0\.g: .*blocks\.0\.h/);
  expect(await found('blocks.7.h = 0')).toMatch(/^TB\d{3} blocks\.7\.h: /);
  expect(await found('blocks.0.h[3] = 0')).toMatch(/^TB\d{3} .*3/);
  expect(await found('blocks.0.h = [1, 2]')).toMatch(/^TB\d{3} .*\[1, 2\].* 2, .* 3\.$/);
  expect(await found('blocks.0.h = other.h')).toMatch(/^TB\d{3} other/);
});

test('a patch whose value depends on what it patches is an error, not an endless run', async () => {
  const found = await problems(`${model}\nrun r for M { patch blocks.0.h = blocks.2.x }`);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(/^TB\d{3} patch blocks\.0\.h = blocks\.2\.x: /);
});

test('a run whose values another run cannot give does not start', async () => {
  const text = `${model}
    run a for M { patch nothing = 0 }
    run b for M { patch blocks.0.h = a.blocks.0.h }`;
  const found = await problems(text, { target: 'b' });
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(/^TB\d{3} a\.blocks\.0\.h: .*\ba\b/);
});

test('runs that refer to each other in a circle are an error', async () => {
  const text = `${model}
    run a for M { patch blocks.0.h = b.blocks.0.h }
    run b for M { patch blocks.0.h = a.blocks.0.h }`;
  const found = await problems(text, { target: 'a' });
  expect(found.length).toBeGreaterThan(0);
  expect(found[0]).toMatch(/^TB\d{3} .*a.*b/);
});

test('a patched input has the random values of the same input without a patch', async () => {
  const text = `
    block B(x: [3, 2]) -> [3, 2] {
      x = x * 2
      return x
    }
    run plain for B { seed = 1 }
    run patched for B {
      seed = 1
      patch x#0[1] = 0
    }`;
  const plain = await values(await run(text, { target: 'plain' }), 'x#0');
  const patchedInput = await values(await run(text, { target: 'patched' }), 'x#0');
  expect(patchedInput).toEqual([...plain.slice(0, 2), 0, 0, ...plain.slice(4)]);
});
