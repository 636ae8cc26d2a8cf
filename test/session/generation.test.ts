/** `generate = n`: tokens, their probabilities, and how they are drawn (goldens: test/reference/generation.py). */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { orderByProbability, samplingChances } from '../../src/session/sampling.ts';
import { problems, run, shape, values } from './run-text.ts';

interface Golden {
  readonly greedy: {
    readonly prompt: readonly number[];
    readonly tokens: readonly number[];
    readonly probabilities: readonly number[];
  };
  readonly logits: readonly number[];
  readonly chances: readonly {
    readonly temperature?: number;
    readonly top_k?: number;
    readonly top_p?: number;
    readonly chances: readonly number[];
  }[];
}

const golden: Golden = JSON.parse(
  readFileSync(new URL('../reference/generation.json', import.meta.url), 'utf8'),
);

const model = `
  dims { T, V = 23, d = 8 }
  model LM {
    input tokens: int[T]
    param E: [V, d] = numpy_rand
    param Q: [d, d] = numpy_rand
    param K: [d, d] = numpy_rand
    param W_V: [d, d] = numpy_rand
    param U: [d, V] = numpy_rand
    param b: [V] = numpy_rand
    x = (4 * E - 2)[tokens]
    scores = causal_mask(x @ (4 * Q - 2) @ (x @ (4 * K - 2)).T / sqrt(d))
    pattern = softmax(scores)
    x += pattern @ (x @ (4 * W_V - 2))
    output logits = x @ (4 * U - 2) + (4 * b - 2)
  }`;

const generated = (...lines: readonly string[]) =>
  run(`${model}\nrun r for LM {\nseed = 161\ntokens = [3, 1, 4]\n${lines.join('\n')}\n}`);

const tokensOf = async (...lines: readonly string[]) =>
  (await generated(...lines)).generation?.steps.map(({ token }) => token);

test('greedy tokens and their probabilities are PyTorch’s', async () => {
  const { generation } = await generated('generate = 12');
  expect(generation?.prompt).toEqual(golden.greedy.prompt);
  expect(generation?.steps.map(({ token }) => token)).toEqual(golden.greedy.tokens);
  for (const [i, { probability, chance, candidates }] of (generation?.steps ?? []).entries()) {
    expect(probability).toBeCloseTo(golden.greedy.probabilities[i] ?? 0, 12);
    expect(chance).toBe(1);
    expect(candidates[0]?.probability).toBe(probability);
    expect(candidates).toHaveLength(10);
  }
});

test('the trace is over the prompt and all new tokens but the last', async () => {
  const trace = await generated('generate = 3');
  const [first = 0, second = 0] = golden.greedy.tokens;
  expect(await values(trace, 'tokens')).toEqual([3, 1, 4, first, second]);
  expect(shape(trace, 'pattern')).toEqual([5, 5]);
  expect(shape(trace, 'logits')).toEqual([5, 23]);
});

describe('what a token is drawn with', () => {
  const logits = Float64Array.from(golden.logits);

  test.each(golden.chances)('$temperature $top_k $top_p', (example) => {
    const { temperature = 1, top_k: topK, top_p: topP, chances } = example;
    const found = samplingChances(logits, orderByProbability(logits), { temperature, topK, topP });
    for (const [i, chance] of chances.entries()) expect(found[i]).toBeCloseTo(chance, 12);
  });
});

test('drawn tokens depend on the seed, and are the same for the same seed', async () => {
  const text = (seed: number) => `${model}
    run r for LM {
      seed = ${seed}
      tokens = [3, 1, 4]
      generate = 20
      temperature = 2
    }`;
  const drawn = async (seed: number) =>
    (await run(text(seed))).generation?.steps.map(({ token }) => token);
  expect(await drawn(161)).toEqual(await drawn(161));
  expect(await drawn(161)).not.toEqual(await tokensOf('generate = 20'));
});

test('top_k = 1 and temperature = 0 are greedy; top_k alone samples', async () => {
  const greedy = golden.greedy.tokens;
  expect(await tokensOf('generate = 12', 'top_k = 1')).toEqual(greedy);
  expect(await tokensOf('generate = 12', 'temperature = 0', 'top_p = 0.5')).toEqual(greedy);
  const { generation } = await generated('generate = 12', 'top_k = 3');
  expect(generation?.steps.some(({ chance }) => chance < 1)).toBe(true);
});

test('every drawn token is among the ones that may be', async () => {
  const { generation } = await generated('generate = 30', 'top_k = 2', 'temperature = 5');
  for (const { token, candidates } of generation?.steps ?? []) {
    expect(candidates.slice(0, 2).map((each) => each.token)).toContain(token);
  }
});

test('a patch holds in every step', async () => {
  const { generation } = await generated('generate = 4', 'patch logits[:, 5] = 100');
  expect(generation?.steps.map(({ token }) => token)).toEqual([5, 5, 5, 5]);
});

test('logits of the last token alone are enough', async () => {
  const text = `
    dims { T, V = 4 }
    model Next {
      input tokens: int[T]
      param E: [V, V] = [[0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [1, 0, 0, 0]]
      output next = E[tokens][-1]
    }
    run r for Next { tokens = [2]  generate = 5 }`;
  const { generation } = await run(text.replaceAll('  generate', '\n generate'));
  expect(generation?.steps.map(({ token }) => token)).toEqual([3, 0, 1, 2, 3]);
});

test('mistakes are errors where they stand', async () => {
  const found = async (...lines: readonly string[]) =>
    problems(`${model}\nrun r for LM {\ntokens = [3, 1, 4]\n${lines.join('\n')}\n}`);
  expect(await found('generate = 0')).toEqual([
    expect.stringMatching(/^TB204 0: generate is how many/),
  ]);
  expect(await found('generate = 2', 'top_p = 0')).toEqual([
    expect.stringMatching(/^TB204 0: top_p is how much/),
  ]);
  expect(await found('generate = 2', 'temperature = -1')).toEqual([
    expect.stringMatching(/^TB204 -1: temperature is 0/),
  ]);
  expect(await found('top_k = 3')).toEqual([
    expect.stringMatching(/^TB204 top_k: .*generate = 20/),
  ]);
  const fixed = model.replace('dims { T,', 'dims { T = 3,');
  expect(await problems(`${fixed}\nrun r for LM {\ntokens = [3, 1, 4]\ngenerate = 2\n}`)).toEqual([
    expect.stringMatching(/^TB204 generate = 2: .*length T is given/),
  ]);
  const plain = `block B(x: [4]) -> [4] { return x }\nrun r for B { generate = 2 }`;
  expect(await problems(plain)).toEqual([expect.stringMatching(/^TB204 generate = 2: .*int\[T\]/)]);
});

test('a context that is full ends the run with a sentence', async () => {
  const text = `
    dims { T, V = 4, context = 3 }
    model Short {
      input tokens: int[T]
      param P: [context, V] = ones
      output logits = P[0:T]
    }
    run r for Short {
      tokens = [2]
      generate = 5
    }`;
  expect(await problems(text)).toEqual([expect.stringMatching(/^TB107 P\[0:T\]: .*4/)]);
});
