/** What a run gives to a model or a block: dims, inputs, arguments, files (LANGUAGE §3, §7). */
import { describe, expect, test } from 'vitest';
import { counting, folderWith, paths, problems, run, shape, values, verdicts } from './run-text.ts';

describe('dims', () => {
  const model = `
    dims { N, d = 4, heads = 2, k = d / heads where d <= 16 }
    model M {
      input x: [N, d] = ones
      param W: [d, k] = ones
      output y = x @ W
    }`;

  test('a run overrides free dims and plain values; what derives from them follows', async () => {
    const trace = await run(`${model}\nrun r for M { dims { N = 3, d = 8 } }`);
    expect(shape(trace, 'y')).toEqual([3, 4]);
    expect(shape(trace, 'W')).toEqual([8, 4]);
    expect(await values(trace, 'y')).toEqual(Array(12).fill(8));
    expect(trace.tensors.get('y')?.axes.map(({ name }) => name)).toEqual(['N', 'k']);
  });

  test('derived dims are not overridden, and conditions are checked', async () => {
    const derived = await problems(`${model}\nrun r for M { dims { N = 3, k = 4 } }`);
    expect(derived).toHaveLength(1);
    expect(derived[0]).toMatch(/^TB\d{3} k = 4: /);
    const condition = await problems(`${model}\nrun r for M { dims { N = 3, d = 20 } }`);
    expect(condition).toHaveLength(1);
    expect(condition[0]).toMatch(/^TB\d{3} .*d <= 16|^TB\d{3} r: .*20/s);
    const inexact = await problems(`${model}\nrun r for M { dims { N = 3, d = 5 } }`);
    expect(inexact).toHaveLength(1);
    expect(inexact[0]).toMatch(/5.*2/);
  });

  test('a free dim that nothing binds is named', async () => {
    const found = await problems(`${model}\nrun r for M { seed = 1 }`);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^TB\d{3} r: .*N/);
  });
});

describe('inputs', () => {
  const model = `
    dims { N, d = 2 }
    model M {
      input x: [N, d]
      input tokens: int[N] = zeros
      output y = x * 10 + tokens[:, none]
    }`;

  test('a literal binds a free dim', async () => {
    const trace = await run(
      `${model}\nrun r for M {\n x = [[1, 2], [3, 4], [5, 6]]\n tokens = [7, 8, 9]\n}`,
    );
    expect(shape(trace, 'y')).toEqual([3, 2]);
    expect(await values(trace, 'y')).toEqual([17, 27, 38, 48, 59, 69]);
    expect(trace.tensors.get('tokens')?.dtype).toBe('int');
    expect(trace.dims.find(({ name }) => name === 'N')?.value).toBe(3);
  });

  test('files bind it too: .npy, and a tensor of a .safetensors', async () => {
    const folder = folderWith({
      'x.npy': counting(2, 2),
      'all.safetensors': { tensors: { other: counting(9), x: counting(3, 2) } },
    });
    const npy = await run(`${model}\nrun r for M { x = "x.npy" }`, { folder });
    expect(await values(npy, 'y')).toEqual([0, 10, 20, 30]);
    const text = `${model}\nrun r for M { x = "all.safetensors"["x"] }`;
    expect(await values(await run(text, { folder }), 'y')).toEqual([0, 10, 20, 30, 40, 50]);
  });

  test('a number fills the tensor, a source draws it', async () => {
    const filled = await run(`${model}\nrun r for M {\n dims { N = 1 }\n x = 3\n}`);
    expect(await values(filled, 'y')).toEqual([30, 30]);
    const text = (seed: number) =>
      `${model}\nrun r for M {\n dims { N = 2 }\n seed = ${seed}\n x = normal(seed: 3)\n}`;
    const [first, second] = [await run(text(1)), await run(text(2))];
    expect(await values(first, 'x')).toEqual(await values(second, 'x'));
    expect(new Set(await values(first, 'x')).size).toBe(4);
  });

  test('inputs that do not fit are errors at their place', async () => {
    const folder = folderWith({ 'wide.npy': counting(2, 3) });
    const found = async (setting: string) => {
      const [first, ...more] = await problems(`${model}\nrun r for M { ${setting} }`, { folder });
      expect(more).toEqual([]);
      return first;
    };
    expect(await found('x = [[1, 2, 3]]')).toMatch(/\[1, 3\]/);
    expect(await found('x = "wide.npy"')).toMatch(/\[2, 3\]/);
    expect(await found('x = "gone.npy"')).toMatch(/gone\.npy/);
    expect(await found('dims { N = 1 }\n tokns = [1]')).toMatch(/^TB\d{3} tokns: .*tokens/);
  });

  test('a token id out of range is an error that names it', async () => {
    const found = await problems(`
      dims { T }
      model M {
        input tokens: int[T]
        output x = Embedding(tokens, vocab: 5, width: 2)
      }
      run r for M { tokens = [0, 4, 5] }`);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^TB\d{3} .*5/s);
  });
});

describe('blocks run as models', () => {
  const block = `
    dims { N = 2, d = 3 }
    block Scale(x: [N, d], by: number = 2, activation: fn = relu, shift: bool = false) -> [N, d] {
      h = activation(x * by)
      if shift {
        h = h + 1
      }
      return h
    }`;

  test('paths have no prefix, tensors are inputs, other arguments are set by name', async () => {
    const trace = await run(`${block}
      run r for Scale {
        x = [[1, -1, 0], [2, 3, -4]]
        by = 3
        activation = square
        shift = true
      }`);
    expect(paths(trace)).toBe('h#0 h#1 x');
    expect(await values(trace, 'h')).toEqual([10, 10, 1, 37, 82, 145]);
  });

  test('without a run, tensors are normal and the other arguments have their defaults', async () => {
    const trace = await run(block, { target: 'Scale' });
    const x = await values(trace, 'x');
    expect(new Set(x).size).toBe(6);
    expect(await values(trace, 'h')).toEqual(x.map((value) => Math.max(0, value * 2)));
  });

  test('a block of the standard library runs by its name', async () => {
    const trace = await run(`
      run r for FFN {
        x = [[1, 2], [3, 4]]
        hidden = 3
        activation = relu
        bias = false
        patch W_1 = 1
        patch W_2 = 2
        expect pre ~ [[3, 3, 3], [7, 7, 7]]
        expect out : [2, 2]
        expect out ~ [[18, 18], [42, 42]]
      }`);
    expect(Object.values(verdicts(trace))).toEqual([true, true, true]);
  });

  test('an argument without a default must be set', async () => {
    const found = await problems(`run r for FFN { x = [[1, 2]] }`);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^TB\d{3} r: .*hidden/);
  });

  test('a dim argument given as a dim of the file', async () => {
    const trace = await run(`
      dims { wide = 7 }
      run r for Linear {
        x = [[1, 2]]
        out = wide
      }`);
    expect(shape(trace, 'W')).toEqual([2, 7]);
  });
});

describe('imports', () => {
  const blocks = `
    dims { d = 2, k = 3 * d }
    block Widen(x: [n, d]) -> [n, k] {
      param W: [d, k] = ones
      h = Inner(x @ W)
      return h
    }
    block Inner(x: [..., m]) -> [..., m] {
      return x + 1
    }`;

  test('a block comes with what it uses and keeps the dims of its file', async () => {
    const folder = folderWith({ 'blocks.tblock': blocks });
    const trace = await run(
      `import { Widen } from "./blocks.tblock"
      model M {
        input x: [1, 2] = [[1, 2]]
        output y = Widen(x)
      }`,
      { folder },
    );
    expect(paths(trace)).toBe('x y y.W y.h y.h.x y.x');
    expect(await values(trace, 'y')).toEqual([4, 4, 4, 4, 4, 4]);
  });

  test('dims of one name are one dim; another value is an error', async () => {
    const folder = folderWith({ 'blocks.tblock': blocks });
    const text = (d: string) => `
      import { Widen as Bigger } from "blocks.tblock"
      dims { ${d} }
      model M {
        input x: [1, d]
        output y = Bigger(x)
      }`;
    expect(shape(await run(text('d'), { folder }), 'y')).toEqual([1, 6]);
    expect(shape(await run(text('d = 2'), { folder }), 'y')).toEqual([1, 6]);
    const found = await problems(text('d = 4'), { folder });
    expect(found.length).toBeGreaterThan(0);
    expect(found[0]).toMatch(/^TB\d{3} .*d.*(2.*4|4.*2)/s);
  });

  test('two imported files that disagree about a dim are an error, a free dim agrees with both', async () => {
    const folder = folderWith({
      'two.tblock': 'dims { d = 2 }\nblock Two(x: [d]) -> [d] {\n return x\n}',
      'three.tblock': 'dims { d = 3 }\nblock Three(x: [d]) -> [d] {\n return x\n}',
      'free.tblock': 'dims { d }\nblock Free(x: [d]) -> [d] {\n return x\n}',
    });
    const text = (other: string, file: string) => `
      import { Two } from "./two.tblock"
      import { ${other} } from "./${file}"
      model M {
        input x: [d]
        output y = Two(x)
      }`;
    expect(shape(await run(text('Free', 'free.tblock'), { folder }), 'y')).toEqual([2]);
    const found = await problems(text('Three', 'three.tblock'), { folder });
    expect(found).toEqual([expect.stringMatching(/^TB\d{3} "\.\/three\.tblock": .*3.*2/)]);
  });

  test('imports go on through files, and may run what they bring', async () => {
    const folder = folderWith({
      'blocks.tblock': blocks,
      'model.tblock': `
        import { Widen } from "./blocks.tblock"
        model Whole {
          input x: [1, 2] = [[1, 2]]
          output y = Widen(x) as widen
        }`,
    });
    const trace = await run(
      `import { Whole } from "./model.tblock"\nrun r for Whole { x = [[0, 1]] }`,
      { folder },
    );
    expect(shape(trace, 'widen.W')).toEqual([2, 6]);
    expect(await values(trace, 'y')).toEqual([2, 2, 2, 2, 2, 2]);
  });

  test('a missing file, a missing name and a circle are errors', async () => {
    const folder = folderWith({
      'blocks.tblock': blocks,
    });
    const model = '\nmodel M {\n input x: [2]\n output y = x\n}';
    const missing = await problems(`import { A } from "./gone.tblock"${model}`, { folder });
    expect(missing).toEqual([expect.stringMatching(/^TB\d{3} .*gone\.tblock/)]);
    const name = await problems(`import { Widn } from "./blocks.tblock"${model}`, { folder });
    expect(name).toEqual([expect.stringMatching(/^TB\d{3} Widn: .*Widen/)]);
    const circle = await problems(`import { A } from "./program.tblock"${model}`, { folder });
    expect(circle).toEqual([expect.stringMatching(/^TB\d{3} "\.\/program\.tblock": /)]);
  });
});
