/** Paths exactly as LANGUAGE §8 says, and the labels of §4. */
import { expect, test } from 'vitest';
import { paths, problems, run, values } from './run-text.ts';

test('an input is version 0, and every = and += adds one', async () => {
  const trace = await run(`
    model M {
      input x: [2] = [1, 2]
      x += x * 2
      x = x + 1
      once = x
      output z = once
    }`);
  expect(paths(trace)).toBe('once x#0 x#1 x#2 z');
  expect([...trace.aliases]).toEqual([['x', 'x#2']]);
  expect(await values(trace, 'x#0')).toEqual([1, 2]);
  expect(await values(trace, 'x#1')).toEqual([3, 6]);
  expect(await values(trace, 'x')).toEqual([4, 7]);
  expect(trace.outputs).toEqual(['z']);
});

test('a carried name enters each copy as version 0; the repeat adds one outside', async () => {
  const trace = await run(`
    model M {
      input x: [1] = [1]
      repeat 2 as blocks {
        h = x * 2
        x += h
        x = x - layer
      }
      output y = x
    }`);
  expect(paths(trace)).toBe(
    'blocks.0.h blocks.0.x#0 blocks.0.x#1 blocks.0.x#2 blocks.1.h blocks.1.x#0 blocks.1.x#1 blocks.1.x#2 x#0 x#1 y',
  );
  expect(trace.aliases.get('blocks.1.x')).toBe('blocks.1.x#2');
  const seen = ['blocks.0.x#1', 'blocks.0.x', 'blocks.1.x#0', 'blocks.1.h', 'blocks.1.x', 'x', 'y'];
  expect(await Promise.all(seen.map((path) => values(trace, path)))).toEqual(
    [3, 3, 3, 6, 8, 8, 8].map((value) => [value]),
  );
});

test('a repeat whose body is one call without `as` is transparent', async () => {
  const body = `
    block Body(x: [2]) -> [2] {
      param W: [2, 2] = eye
      h = x @ W
      x += h
      return x
    }`;
  const transparent = await run(`${body}
    model M {
      input x: [2] = [1, 1]
      repeat 2 as blocks {
        x = Body(x)
      }
      output y = x
    }`);
  expect(paths(transparent)).toBe(
    'blocks.0.W blocks.0.h blocks.0.x#0 blocks.0.x#1 blocks.1.W blocks.1.h blocks.1.x#0 blocks.1.x#1 x#0 x#1 y',
  );
  expect(await values(transparent, 'blocks.1.x#0')).toEqual([2, 2]);
  expect(await values(transparent, 'x')).toEqual([4, 4]);

  const labelled = await run(`${body}
    model M {
      input x: [2] = [1, 1]
      repeat 1 as blocks {
        x = Body(x) as inner
      }
      output y = x
    }`);
  expect(paths(labelled)).toBe(
    'blocks.0.inner blocks.0.inner.W blocks.0.inner.h blocks.0.inner.x#0 blocks.0.inner.x#1 blocks.0.x#0 blocks.0.x#1 x#0 x#1 y',
  );

  const written = await run(`${body}
    model M {
      input x: [2] = [1, 1]
      repeat 1 as blocks {
        x += Body(x)
      }
      output y = x
    }`);
  expect(paths(written)).toBe(
    'blocks.0.body blocks.0.body.W blocks.0.body.h blocks.0.body.x#0 blocks.0.body.x#1 blocks.0.x#0 blocks.0.x#1 x#0 x#1 y',
  );
});

test('a call in the argument of a transparent call has its own label in the copy', async () => {
  const trace = await run(`
    block Body(x: [2]) -> [2] {
      return x * 2
    }
    model M {
      input x: [2]
      repeat 1 as blocks {
        x = Body(LayerNorm(x) as ln)
      }
      output y = x
    }`);
  expect(paths(trace)).toContain('blocks.0.ln blocks.0.ln.beta blocks.0.ln.gamma blocks.0.ln.x');
});

test('labels: `as`, else the variable, else the block in snake_case, with _2 where taken', async () => {
  const trace = await run(`
    block GreatIdea(x: [2]) -> [2] {
      param W: [2] = ones
      return x * W
    }
    model M {
      input x: [2]
      a = GreatIdea(x) as given
      b = GreatIdea(a)
      b = GreatIdea(b)
      x += GreatIdea(b)
      c = 2 * GreatIdea(x) + GreatIdea(x)
      d = GreatIdea(c) as layer
      output y = GreatIdea(d) * 1
    }`);
  const parameters = [...trace.tensors.values()].filter(({ role }) => role === 'parameter');
  expect(parameters.map(({ path }) => path)).toEqual([
    'given.W',
    'b.W',
    'b_2.W',
    'great_idea.W',
    'great_idea_2.W',
    'great_idea_3.W',
    'layer.W',
    'great_idea_4.W',
  ]);
  const results = [
    'given',
    'b#0',
    'b#1',
    'great_idea',
    'great_idea_2',
    'layer',
    'great_idea_4',
    'y',
  ];
  for (const path of results) expect(trace.tensors.has(path), path).toBe(true);
});

test('a returned call is labelled by its block', async () => {
  const trace = await run(`
    block Outer(x: [N, d]) -> [N, d] {
      return RMSNorm(x)
    }
    dims { N = 2, d = 4 }`);
  expect(paths(trace)).toContain('rms_norm rms_norm.gamma rms_norm.x');
});

test('a default label gives way to a taken one, explicit or not', async () => {
  const trace = await run(`
    model M {
      input x: [2]
      x += LayerNorm(x) as layer_norm
      output y = x + LayerNorm(x)
    }`);
  const parameters = [...trace.tensors.values()].filter(({ role }) => role === 'parameter');
  expect(parameters.map(({ path }) => path)).toEqual([
    'layer_norm.gamma',
    'layer_norm.beta',
    'layer_norm_2.gamma',
    'layer_norm_2.beta',
  ]);
});

test('one explicit label for two calls shares parameters; the intermediates are label#0, label#1', async () => {
  const trace = await run(`
    block Scale(x: [n]) -> [n] {
      param W: [n] = [2, 3]
      h = x * W
      return h + 1
    }
    model M {
      input x: [2] = [1, 10]
      a = Scale(x) as tied
      output b = Scale(a) as tied
    }`);
  expect(paths(trace)).toBe('a b tied#0 tied#0.h tied#0.x tied#1 tied#1.h tied#1.x tied.W x');
  expect(await values(trace, 'tied#0.h')).toEqual([2, 30]);
  expect(await values(trace, 'tied#1.x')).toEqual([3, 31]);
  expect(await values(trace, 'b')).toEqual([7, 94]);
});

test('a shared label with other shapes, or another block, is an error', async () => {
  const shapes = await problems(`
    model M {
      input x: [2]
      a = Linear(x, out: 3) as tied
      output b = Linear(a, out: 3) as tied
    }`);
  expect(shapes).toHaveLength(1);
  expect(shapes[0]).toMatch(
    /^TB\d{3} Linear\(a, out: 3\) as tied: .*tied\.W.*\n.*\[2, 3\].*\n.*\[3, 3\]/,
  );
  const blocks = await problems(`
    model M {
      input x: [2]
      a = LayerNorm(x) as tied
      output b = RMSNorm(a) as tied
    }`);
  expect(blocks).toHaveLength(1);
  expect(blocks[0]).toMatch(/^TB\d{3} tied: .*tied/);
});

test('a shared repeat has one set of parameters and intermediates per copy', async () => {
  const trace = await run(`
    block Step(x: [2]) -> [2] {
      param W: [2, 2] = [[0, 1], [1, 1]]
      h = x @ W
      return h
    }
    model M {
      input x: [2] = [1, 1]
      repeat 3 as steps shared {
        x = Step(x)
      }
      repeat 2 as more shared {
        param b: [2] = [10, 20]
        x += b
      }
      output y = x
    }`);
  const [parameters, h] = [/(?<= |^)\S+\.(W|b)(?= |$)/g, /(?<= |^)\S+\.h(?= |$)/g];
  expect(paths(trace).match(parameters)).toEqual(['more.b', 'steps.W']);
  expect(paths(trace).match(h)).toEqual(['steps.0.h', 'steps.1.h', 'steps.2.h']);
  expect(await values(trace, 'steps.2.h')).toEqual([3, 5]);
  expect(await values(trace, 'y')).toEqual([23, 45]);
});

test('the taken branch of an if belongs to the enclosing scope', async () => {
  const text = (gated: string) => `
    block Choice(x: [2], gated: bool = false) -> [2] {
      if gated {
        g = sigmoid(x)
        x = x * g
      } else {
        x = x * 2
        if not gated {
          inner = x
        }
      }
      return x
    }
    model M {
      input x: [2]
      output y = Choice(x${gated})
    }`;
  expect(paths(await run(text(', gated: true')))).toBe('x y y.g y.x#0 y.x#1');
  expect(paths(await run(text('')))).toBe('x y y.inner y.x#0 y.x#1');
});

test('repeats inside repeats, and what is assigned first inside ends with its copy', async () => {
  const trace = await run(`
    model M {
      input x: [1] = [0]
      repeat 2 as outer {
        o = layer
        repeat 2 as inner {
          x += 10 * o + layer
        }
      }
      output y = x
    }`);
  expect(await values(trace, 'outer.1.inner.0.x#1')).toEqual([11]);
  expect(await values(trace, 'y')).toEqual([22]);
  expect(paths(trace)).toContain('outer.0.inner.0.x#0 outer.0.inner.0.x#1 outer.0.inner.1.x#0');
  const outside = await problems(`
    model M {
      input x: [1]
      repeat 2 as blocks {
        h = x
        x = h
      }
      output y = h
    }`);
  expect(outside).toHaveLength(1);
  expect(outside[0]).toMatch(/^TB\d{3} h: /);
});

test('several results have the names on the left', async () => {
  const trace = await run(`
    model M {
      input x: [4] = [1, 2, 3, 4]
      a, b = split(x, 2)
      output y = b - a
    }`);
  expect(paths(trace)).toBe('a b x y');
  expect(await values(trace, 'y')).toEqual([2, 2]);
});

test("a block's own names are beneath the label of its call", async () => {
  const trace = await run(`
    dims { N = 3, d = 4 }
    model M {
      input x: [N, d]
      repeat 1 as blocks {
        x += MultiHeadAttention(LayerNorm(x) as ln_1, heads: 2) as attn
        x += FFN(x, hidden: 8) as mlp
      }
      output logits = Unembed(x, vocab: 5)
    }`);
  for (const path of ['q', 'k', 'v', 'scores', 'pattern', 'z', 'out', 'W_Q', 'W_K', 'W_V', 'W_O']) {
    const found =
      trace.tensors.has(`blocks.0.attn.${path}`) || trace.aliases.has(`blocks.0.attn.${path}`);
    expect(found, path).toBe(true);
  }
  for (const path of ['pattern', 'z'])
    expect(trace.tensors.has(`blocks.0.attn.${path}`)).toBe(true);
  for (const path of ['pre', 'post', 'out', 'W_1', 'b_1']) {
    const found =
      trace.tensors.has(`blocks.0.mlp.${path}`) || trace.aliases.has(`blocks.0.mlp.${path}`);
    expect(found, path).toBe(true);
  }
  expect(trace.tensors.has('logits.W_U')).toBe(true);
});
