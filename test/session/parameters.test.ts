/** Where parameters get their values: initialisers, random streams, weight files (LANGUAGE §4, §5, §7). */
import { describe, expect, test } from 'vitest';
import { counting, folderWith, problems, run, values } from './run-text.ts';

describe('numpy_rand', () => {
  test('reproduces np.random.seed(42) and three calls of np.random.rand', async () => {
    // The textbook chapter's first example: d = 4, dk = 3, dv = 2, x_i = [1, 2, 3, 4].
    const trace = await run(`
      dims { d = 4, dk = 3, dv = 2 }
      model Chapter {
        input x_i: [d] = [1, 2, 3, 4]
        param W_Q: [d, dk] = numpy_rand
        param W_K: [d, dk] = numpy_rand
        param W_V: [d, dv] = numpy_rand
        q_i = x_i @ W_Q
        k_i = x_i @ W_K
        output v_i = x_i @ W_V
      }
      run numbers for Chapter { seed = 42 }`);
    const W_Q = await values(trace, 'W_Q');
    expect(W_Q.slice(0, 4)).toEqual([
      0.3745401188473625, 0.9507143064099162, 0.7319939418114051, 0.5986584841970366,
    ]);
    const close = async (path: string, expected: readonly number[]) => {
      const found = await values(trace, path);
      expect(found).toHaveLength(expected.length);
      expected.forEach((value, i) => {
        expect(found[i]).toBeCloseTo(value, 12);
      });
    };
    await close('q_i', [4.578398234930216, 3.943618001802805, 6.726967426361414]);
    await close('k_i', [3.053062159041804, 2.86308961133235, 4.532343887813481]);
    await close('v_i', [5.062840662725636, 2.635092571129396]);
  });

  test('is one stream through repeats and calls; other initialisers take nothing from it', async () => {
    const trace = await run(
      `
      block Layer(x: [2]) -> [2] {
        param other: [3]
        param W: [2, 2] = numpy_rand
        return x @ W
      }
      model M {
        input x: [2]
        repeat 2 as layers {
          x = Layer(x)
        }
        param b: [2] = numpy_rand
        output y = x + b
      }`,
      { seed: 7 },
    );
    expect(await values(trace, 'layers.0.W')).toEqual([
      0.07630828937395717, 0.7799187922401146, 0.4384092314408935, 0.7234651778309412,
    ]);
    expect(await values(trace, 'layers.1.W')).toEqual([
      0.9779895119966027, 0.5384958704104337, 0.5011204636599379, 0.07205113335976154,
    ]);
    expect(await values(trace, 'b')).toEqual([0.26843898010187117, 0.49988250082555996]);
  });
});

describe('random streams', () => {
  const model = (before: string, inside = '') => `
    block Layer(x: [4]) -> [4] {
      ${inside}
      param W: [4, 4]
      return x @ W
    }
    model M {
      input x: [4] = normal(seed: 3)
      ${before}
      repeat 2 as layers {
        x = Layer(x)
      }
      output y = x
    }`;

  test('editing one part of a file leaves the other weights as they were', async () => {
    const before = await run(model(''));
    const after = await run(
      model('param extra: [9] = normal(std: 2)', 'param more: [4] = uniform(0, 1)'),
    );
    for (const path of ['layers.0.W', 'layers.1.W', 'x#0']) {
      expect(await values(after, path)).toEqual(await values(before, path));
    }
  });

  test('every parameter has its own numbers, and another seed gives others', async () => {
    const trace = await run(model(''));
    expect(await values(trace, 'layers.0.W')).not.toEqual(await values(trace, 'layers.1.W'));
    const other = await run(model(''), { seed: 1 });
    expect(await values(other, 'layers.0.W')).not.toEqual(await values(trace, 'layers.0.W'));
    // The input has a seed of its own.
    expect(await values(other, 'x#0')).toEqual(await values(trace, 'x#0'));
  });

  test("a run's seed is the same one on the command line", async () => {
    const inFile = await run(`${model('')}\nrun r for M { seed = 5 }`);
    const given = await run(model(''), { seed: 5 });
    expect(await values(inFile, 'layers.1.W')).toEqual(await values(given, 'layers.1.W'));
  });
});

test('initialisers', async () => {
  const trace = await run(`
    dims { n = 64, k = 32 }
    model M {
      input x: [n]
      param zero: [2] = zeros
      param one: [2] = ones
      param identity: [2, 3] = eye
      param same: [2] = constant(2.5)
      param literal: [2, 2] = [[0.1, 0.2], [-0.3, 4e-1]]
      param between: [n, k] = uniform(-3, -1)
      param bell: [n, k] = normal(mean: 5, std: 0.5)
      param given: [n, k]
      param glorot: [n, k] = xavier_uniform
      param he: [n, k] = kaiming_normal
      output y = x
    }`);
  expect(await values(trace, 'zero')).toEqual([0, 0]);
  expect(await values(trace, 'one')).toEqual([1, 1]);
  expect(await values(trace, 'identity')).toEqual([1, 0, 0, 0, 1, 0]);
  expect(await values(trace, 'same')).toEqual([2.5, 2.5]);
  expect(await values(trace, 'literal')).toEqual([0.1, 0.2, -0.3, 0.4]);
  const between = await values(trace, 'between');
  expect(Math.min(...between)).toBeGreaterThanOrEqual(-3);
  expect(Math.max(...between)).toBeLessThan(-1);
  // 2,048 draws: the mean and the deviation are within some 2 % of a deviation.
  expectMoments(between, -2, 2 / Math.sqrt(12));
  expectMoments(await values(trace, 'bell'), 5, 0.5);
  expectMoments(await values(trace, 'given'), 0, 1 / 8);
  const bound = Math.sqrt(6 / (64 + 32));
  const glorot = await values(trace, 'glorot');
  expect(Math.max(...glorot.map(Math.abs))).toBeLessThanOrEqual(bound);
  expectMoments(glorot, 0, bound / Math.sqrt(3));
  expectMoments(await values(trace, 'he'), 0, Math.sqrt(2 / 64));
});

function expectMoments(data: readonly number[], mean: number, deviation: number): void {
  const found = data.reduce((sum, value) => sum + value, 0) / data.length;
  const variance = data.reduce((sum, value) => sum + (value - found) ** 2, 0) / data.length;
  expect(Math.abs(found - mean) / deviation).toBeLessThan(0.1);
  expect(Math.sqrt(variance) / deviation).toBeCloseTo(1, 1);
}

describe('weights', () => {
  const model = `
    dims { d = 2 }
    model M {
      input x: [d] = [1, 1]
      param W: [d, 3]
      repeat 2 as blocks {
        param b: [d] = zeros
        x += b
      }
      output y = x @ W
    }`;

  test('names in the file equal paths', async () => {
    const folder = folderWith({
      'w.safetensors': {
        tensors: {
          W: counting(2, 3),
          'blocks.0.b': { shape: [2], data: [10, 0] },
          'blocks.1.b': { shape: [2], data: [0, 100] },
          'not.in.the.model': counting(1),
        },
      },
    });
    const trace = await run(`${model}\nrun r for M { weights = "w.safetensors" }`, { folder });
    expect(await values(trace, 'W')).toEqual([0, 1, 2, 3, 4, 5]);
    expect(await values(trace, 'blocks.1.x')).toEqual([11, 101]);
    expect(await values(trace, 'y')).toEqual([303, 415, 527]);
  });

  test('a mapping slices, transposes, and matches * by position', async () => {
    const folder = folderWith({
      'w.safetensors': {
        tensors: {
          fused: counting(3, 4),
          'h.0.bias': counting(5),
          'h.1.bias': { shape: [5], data: [9, 8, 7, 6, 5] },
        },
      },
    });
    const trace = await run(
      `${model}
      weights other = "w.safetensors" {
        W <- "fused"[:, d:2*d].T
        blocks.*.b <- "h.*.bias"[-2:]
      }
      run r for M { weights = other }`,
      { folder },
    );
    expect(await values(trace, 'W')).toEqual([2, 6, 10, 3, 7, 11]);
    expect(await values(trace, 'blocks.0.b')).toEqual([3, 4]);
    expect(await values(trace, 'blocks.1.b')).toEqual([6, 5]);
  });

  test('a * more on the right stacks in the order of the numbers', async () => {
    const experts = Array.from({ length: 12 }, (_, i) => [
      `layers.0.experts.${i}.w`,
      { shape: [1, 2], data: [i, -i] },
    ]);
    const folder = folderWith({ 'w.safetensors': { tensors: Object.fromEntries(experts) } });
    const trace = await run(
      `model M {
        input x: [1]
        repeat 1 as blocks {
          param W_up: [12, 2, 1]
          x = x * 1
        }
        output y = x
      }
      weights moe = "w.safetensors" {
        blocks.*.W_up <- "layers.*.experts.*.w".T
      }
      run r for M { weights = moe }`,
      { folder },
    );
    const stacked = Array.from({ length: 12 }, (_, i) => [i, -i]).flat();
    expect(await values(trace, 'blocks.0.W_up')).toEqual(stacked);
  });

  test('missing tensors and other shapes are all named, with both shapes', async () => {
    const folder = folderWith({
      'w.safetensors': { tensors: { W: counting(3, 2), 'blocks.0.b': counting(2) } },
    });
    const found = await problems(`${model}\nrun r for M { weights = "w.safetensors" }`, { folder });
    expect(found).toHaveLength(2);
    expect(found.join('\n')).toMatch(/W .*\[3, 2\].*\[2, 3\].*transpose/);
    expect(found.join('\n')).toMatch(/blocks\.1\.b/);
  });

  test('a parameter without a mapping is an error at the mapping', async () => {
    const folder = folderWith({ 'w.safetensors': { tensors: { W: counting(2, 3) } } });
    const found = await problems(
      `${model}
      weights partial = "w.safetensors" {
        W <- "W"
      }
      run r for M { weights = partial }`,
      { folder },
    );
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^TB\d{3} partial: .*blocks\.0\.b.*\n.*blocks\.1\.b/);
  });

  test('a file that is missing or cut short is an error where it is named', async () => {
    const gone = await problems(`${model}\nrun r for M { weights = "gone.safetensors" }`);
    expect(gone).toHaveLength(1);
    expect(gone[0]).toMatch(/^TB\d{3} "gone\.safetensors": .*gone\.safetensors/);
    const folder = folderWith({ 'cut.safetensors': 'short' });
    const cut = await problems(`${model}\nrun r for M { weights = "cut.safetensors" }`, { folder });
    expect(cut).toHaveLength(1);
    expect(cut[0]).toMatch(/^TB\d{3} "cut\.safetensors": /);
  });
});
