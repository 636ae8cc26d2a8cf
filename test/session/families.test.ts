/** Families of runs: one run per combination, a number kept of each (LANGUAGE §7). */
import { expect, test } from 'vitest';
import { problems, run, values } from './run-text.ts';

/** z is [head, width]: head h of layer l adds (l + 1)·(h + 1)·[1, 10] to the stream. */
const model = `
  dims { L = 3, heads = 2 }
  model M {
    input x: [2] = [1, 10]
    repeat L as blocks {
      z = [[1], [2]] * x[none] * (layer + 1)
      x = x + sum(z, axis: 0)
    }
    output y = x
  }`;

const sweep = async (head: string, ...lines: readonly string[]) => {
  const family = `run r${head} for M {\n${lines.join('\n')}\n}`;
  return run(`${model}\nrun clean for M { seed = 0 }\n${family}`, { target: 'r' });
};

/** The same patches, each in a run of its own. */
async function oneByOne(patches: readonly string[], path: string): Promise<readonly number[]> {
  const found: number[] = [];
  for (const patch of patches) {
    const trace = await run(`${model}\nrun r for M { patch ${patch} }`, { target: 'r' });
    found.push(...(await values(trace, path)).slice(0, 1));
  }
  return found;
}

test('one run per combination, the last variable fastest', async () => {
  const trace = await sweep('[l: 0:L, h: 0:heads]', 'patch blocks.[l].z[h] = 0', 'metric m = y[0]');
  expect(trace.sweep?.axes).toEqual([
    { name: 'l', values: [0, 1, 2] },
    { name: 'h', values: [0, 1] },
  ]);
  const patches = [0, 1, 2].flatMap((l) => [0, 1].map((h) => `blocks.${l}.z[${h}] = 0`));
  expect(trace.sweep?.metrics).toEqual([
    { name: 'm', values: Float64Array.from(await oneByOne(patches, 'y')) },
  ]);
});

test('the trace is of the run without its patches', async () => {
  const trace = await sweep('[l: 0:L]', 'patch blocks.[l].z = 0', 'metric m = y[0]');
  const clean = await run(model);
  expect(await values(trace, 'y')).toEqual(await values(clean, 'y'));
});

test('a range may begin anywhere, and h: heads counts from 0', async () => {
  const trace = await sweep('[l: 1:3, h: heads]', 'patch blocks.[l].z[h] = 0', 'metric m = y[0]');
  expect(trace.sweep?.axes).toEqual([
    { name: 'l', values: [1, 2] },
    { name: 'h', values: [0, 1] },
  ]);
  expect(trace.sweep?.metrics[0]?.values).toHaveLength(4);
});

test('several patches, several metrics, metrics over intermediates and other runs', async () => {
  const trace = await sweep(
    '[l: 0:L]',
    'patch blocks.[l].z[0] = self * 2',
    'patch blocks.[l].z[1] = self + blocks.0.x#0',
    'metric after = blocks.[l].x[0]',
    'metric drop = clean.y[0] - y[0]',
    'metric untouched = blocks.0.x#0[0]',
  );
  const [after, drop, untouched] = trace.sweep?.metrics ?? [];
  // Layer l doubles x·(l + 1) and gets 2·x·(l + 1) + 1; the layers before multiply by 4, 7, 10.
  expect([...(after?.values ?? [])]).toEqual([1 + 2 + 2 + 1, 4 + 16 + 16 + 1, 28 + 168 + 168 + 1]);
  expect([...(drop?.values ?? [])]).toEqual([280 - 6 * 70, 280 - 37 * 10, 280 - 365]);
  expect([...(untouched?.values ?? [])]).toEqual([1, 1, 1]);
});

test('variables are numbers in values, slices and indices', async () => {
  const trace = await sweep(
    '[i: 0:2, times: 1:4]',
    'patch blocks.0.z[i, i:i + 1] = times * 100',
    'metric m = blocks.0.z[i, i]',
    'metric n = blocks.0.z[1 - i, i]',
  );
  const [m, n] = trace.sweep?.metrics ?? [];
  expect([...(m?.values ?? [])]).toEqual([100, 200, 300, 100, 200, 300]);
  expect([...(n?.values ?? [])]).toEqual([2, 2, 2, 10, 10, 10]);
});

test('an input and a parameter are patched too', async () => {
  const trace = await run(
    `model M {
      input x: [2] = [1, 2]
      param W: [2, 2] = [[1, 2], [3, 4]]
      output y = x @ W
    }
    run r[i: 0:2] for M {
      patch x[i] = 0
      patch W[i, 1] = 9
      metric a = y[0]
      metric b = y[1]
    }`,
  );
  const [a, b] = trace.sweep?.metrics ?? [];
  expect([...(a?.values ?? [])]).toEqual([6, 1]);
  expect([...(b?.values ?? [])]).toEqual([8, 2]);
  expect(await values(trace, 'y')).toEqual([7, 10]);
});

test('a seed and inputs may be given by the variables: each value of them is a run of its own', async () => {
  const random = `
    dims { d = 3 }
    model R {
      input x: [d]
      param W: [d, d]
      h = x @ W
      output y = h
    }`;
  const plain = async (seed: number, input: number, patch = '') => {
    const text = `${random}\nrun r for R { seed = ${seed}\nx = normal(seed: ${input})\n${patch} }`;
    return (await values(await run(text), 'y'))[0];
  };
  const trace = await run(
    `${random}
    run r[i: 2, s: 1:3, k: 2] for R {
      seed = s + 4
      x = normal(seed: 10 * i + 1)
      patch h[k] = 0
      metric m = y[0]
      expect y[k] == 0
    }`,
  );
  expect(trace.sweep?.axes).toEqual([
    { name: 'i', values: [0, 1], kept: 0 },
    { name: 's', values: [1, 2], kept: 1 },
    { name: 'k', values: [0, 1] },
  ]);
  const expected = [1, 11].flatMap((input) =>
    [5, 6].flatMap((seed) => [0, 1].map((k) => plain(seed, input, `patch h[${k}] = 0`))),
  );
  expect([...(trace.sweep?.metrics[0]?.values ?? [])]).toEqual(await Promise.all(expected));
  expect(trace.expectations.map(({ passed }) => passed)).toEqual([true]);
  // What is inspected is the first of them, without its patch.
  expect((await values(trace, 'y'))[0]).toBe(await plain(5, 1));
});

test('expectations hold where they hold in every combination', async () => {
  const trace = await sweep(
    '[l: 0:L]',
    'patch blocks.[l].z = 0',
    'expect y[0] < 100',
    'expect y[0] > 30',
    'expect blocks.[l].z : [heads, 2]',
  );
  expect(trace.expectations.map(({ passed }) => passed)).toEqual([true, false, true]);
  const [all, some] = trace.expectations.map(({ message }) => message);
  expect(all).toBe('It holds in all 3 runs.');
  expect(some).toMatch(/^It fails in 1 of 3 runs, first with l = 2: Measured 28/);
});

test('a plain run keeps its metrics too', async () => {
  const trace = await sweep('', 'patch blocks.0.z = 0', 'metric m = y[0]');
  expect(trace.sweep).toEqual({ axes: [], metrics: [{ name: 'm', values: Float64Array.of(70) }] });
});

test('mistakes are errors where they stand', async () => {
  const found = async (head: string, ...lines: readonly string[]) => {
    const family = `run r${head} for M {\n${lines.join('\n')}\n}`;
    const [first, ...more] = await problems(`${model}\n${family}`, { target: 'r' });
    expect(more).toEqual([]);
    return first;
  };
  expect(await found('[l: 0:4]', 'patch blocks.[l].z = 0', 'metric m = y[0]')).toMatch(
    /^TB202 blocks\.\[l\]\.z: M has no value blocks\.3\.z\..*\(With l = 3\.\)$/s,
  );
  expect(await found('[h: 0:3]', 'patch blocks.0.z[h] = 0', 'metric m = y[0]')).toMatch(
    /^TB107 .*2/,
  );
  expect(await found('[l: 0:L]', 'patch blocks.[k].z = 0', 'metric m = y[0]')).toMatch(
    /^TB\d+ k: .*k/,
  );
  expect(await found('[l: 3:L]', 'patch blocks.[l].z = 0', 'metric m = y[0]')).toMatch(
    /^TB\d+ l: 3:L: l has no values/,
  );
  expect(await found('[l: 0:L, l: 0:2]', 'metric m = y[0]')).toMatch(/^TB013 l: l is a variable/);
  expect(await found('[l: 0:L]', 'metric m = y')).toMatch(
    /^TB\d+ metric m = y: m is a tensor \[2\].*one number/,
  );
  expect(await found('[l: 0:L]', 'metric m = y[0]', 'metric m = y[1]')).toMatch(/^TB013 m: /);
  expect(await found('[l: 0:L]', 'patch blocks.0.z = sum(blocks.2.x)', 'metric m = y[0]')).toMatch(
    /^TB210 patch blocks\.0\.z.*depend on what it replaces/s,
  );
});
