/** Expectations in all forms of LANGUAGE §7. */
import { expect, test } from 'vitest';
import { counting, folderWith, problems, run, verdicts } from './run-text.ts';

const model = `
  dims { N = 2, d = 3 }
  model M {
    input x: [N, d] = [[1, 2, 3], [4, 5, 6]]
    repeat 2 as blocks {
      x = x * 2
    }
    edge = log(x / 4 - 2)
    output y = x / 4
  }`;

const checked = async (...lines: readonly string[]) => {
  const text = lines.map((line) => `expect ${line}`).join('\n');
  const trace = await run(`${model}\nrun r for M {\n${text}\n}\nrun other for M { x = ones }`, {
    target: 'r',
  });
  expect(trace.expectations).toHaveLength(lines.length);
  return verdicts(trace);
};

test('~ holds where every element is within the tolerance, 1e-5 unless said', async () => {
  const found = await checked(
    'y ~ x#0',
    'y ~ [[1, 2, 3], [4, 5, 6]]',
    'y ~ [[1, 2, 3], [4, 5, 6.00002]]',
    'y ~ [[1, 2, 3], [4, 5, 6.000009]]',
    'y ~ 3.5 within 2.5',
    'y ~ 3.5 within 2.49',
    'y[0] ~ [1, 2, 3] within 0',
    'y ~ [1, 2, 3]',
  );
  expect(Object.values(found)).toEqual([true, true, false, true, true, false, true, false]);
});

test('NaN fails, and infinities are equal', async () => {
  const found = await checked(
    'edge ~ 0 within inf',
    'edge[0, 1] ~ -inf',
    'edge[0, 0] ~ edge[0, 0]',
    'edge[0, 1] ~ 0 within 1e30',
  );
  expect(Object.values(found)).toEqual([false, true, false, false]);
});

test('orders and equality hold for every element', async () => {
  const found = await checked(
    'y > 0',
    'y > 1',
    'y >= 1',
    'y < 6',
    'y <= 6',
    'y[1, 2] == 6',
    'y == 6',
    'y != 7',
    'y != 6',
  );
  expect(Object.values(found)).toEqual([true, false, true, false, true, true, false, true, false]);
});

test('shapes, of values and of expressions', async () => {
  const found = await checked(
    'y : [N, d]',
    'y : [d, N]',
    'y : [2, 3]',
    'blocks.0.x : [N, d]',
    'y @ y.T : [N, N]',
    'mean(y) : [N]',
    'y[0, 0] : []',
    'y : [N]',
  );
  expect(Object.values(found)).toEqual([true, false, true, true, true, true, true, false]);
});

test('expressions over paths, versions, slices and dims', async () => {
  const found = await checked(
    'mean(y) ~ [2, 5] within 1e-12',
    'mean(y, axis: 0) ~ [2.5, 3.5, 4.5]',
    'blocks.1.x ~ 2 * blocks.0.x',
    'blocks.1.x#0 == blocks.0.x#1',
    'max(y) == [3, 6]',
    'max(y[0]) == d',
    'y[0:N, -1] == [3, 6]',
    'other.y : [N, d]',
    'other.y == 1',
    'y - other.y >= 0',
  );
  expect(Object.values(found).every((passed) => passed)).toBe(true);
});

test('a failed one says what was measured, and where in the text it stands', async () => {
  const text = `${model}\nrun r for M {\n  expect y ~ [1, 2, 3] within 0.5\n}`;
  const [failed] = (await run(text)).expectations;
  expect(failed).toMatchObject({ passed: false, text: 'y ~ [1, 2, 3] within 0.5' });
  expect(failed?.message).toMatch(/4.*1/);
  expect(text.slice(failed?.source.start, failed?.source.end)).toContain('expect y ~');
});

test('a value from a file', async () => {
  const folder = folderWith({
    'y.npy': { shape: [2, 3], data: [1, 2, 3, 4, 5, 6] },
    'all.safetensors': {
      tensors: { zero: counting(2, 3), y: { shape: [2, 3], data: [1, 2, 3, 4, 5, 6] } },
    },
  });
  const trace = await run(
    `${model}
    run r for M {
      expect y ~ "y.npy" within 0
      expect y ~ "all.safetensors"["y"]
      expect y ~ "all.safetensors"["zero"]
    }`,
    { folder },
  );
  expect(trace.expectations.map(({ passed }) => passed)).toEqual([true, true, false]);
});

test('mistakes in an expectation are errors where they stand', async () => {
  const found = async (line: string) => {
    const [first, ...more] = await problems(`${model}\nrun r for M { expect ${line} }`);
    expect(more).toEqual([]);
    return first;
  };
  expect(await found('yy ~ 0')).toMatch(/^TB\d{3} yy: .*y/);
  expect(await found('y ~ 0 within d')).toMatch(/^TB\d{3} d: /);
  expect(await found('blocks.*.x > 0')).toMatch(/^TB\d{3} blocks\.\*\.x: .*2.*blocks\.0\.x/);
  expect(await found('y[2] ~ 0')).toMatch(/^TB\d{3} .*2/);
  expect(await found('y @ y ~ 0')).toMatch(/^TB1\d{2} /);
  expect(await found('y ~ "gone.npy"')).toMatch(/^TB\d{3} .*gone\.npy/);
});

test('an expectation that fails has both sides, as NumPy prints them', async () => {
  const text = `${model}\nrun r for M {\nexpect y[0] ~ 2\nexpect y[0] < [2, 2, 2]\nexpect y[0] ~ [1, 2, 3]\n}`;
  const { expectations } = await run(text, { target: 'r' });
  expect(expectations.map(({ sides }) => sides)).toEqual([
    { measured: '[1. 2. 3.]', expected: '2.0' },
    { measured: '[1. 2. 3.]', expected: '< [2. 2. 2.]' },
    undefined,
  ]);
});
