import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeNpy } from '../../src/formats/index.ts';
import { outcome, problems, run, values } from './run-text.ts';

// A run whose inputs are several runs the model once for each: of its own length, so that nothing is padded.

async function tracesOf(text: string, folder?: string) {
  const result = await outcome(text, folder === undefined ? {} : { folder });
  if (result.kind === 'rejected') throw new Error(JSON.stringify(result.diagnostics));
  return result.traces;
}

const embedding = `
  dims { N, d = 2 }
  model M {
    input tokens: int[N]
    param E: [3, d] = [[1, 2], [3, 4], [5, 6]]
    output y = E[tokens]
  }`;

test('lists of token ids of different lengths', async () => {
  const traces = await tracesOf(`${embedding}
    run r for M { tokens = [[0, 2], [1], [2, 2, 0]] }`);
  const results = await Promise.all(traces.map((trace) => values(trace, 'y')));
  expect(results).toEqual([
    [1, 2, 5, 6],
    [3, 4],
    [5, 6, 5, 6, 1, 2],
  ]);
  expect(traces.map(({ batch }) => batch)).toEqual([0, 1, 2].map((item) => ({ item, count: 3 })));
});

test('an axis more than declared, as a list or in a file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tblock-batch-'));
  writeNpy(join(folder, 'x.npy'), { shape: [2, 1, 3], data: Float64Array.of(1, 2, 3, 4, 5, 6) });
  for (const x of ['"x.npy"', '[[[1, 2, 3]], [[4, 5, 6]]]']) {
    const traces = await tracesOf(
      `dims { N }
       model M { input x: [N, 3]  output y = 2 * x }
       run r for M { x = ${x} }`,
      folder,
    );
    const results = await Promise.all(traces.map((trace) => values(trace, 'y')));
    expect(results).toEqual([
      [2, 4, 6],
      [8, 10, 12],
    ]);
  }
});

test('every run gives what it gives alone', async () => {
  const model = `
    dims { N, d = 8 }
    model M {
      input x: [N, d]
      y = PreNormBlock(x, heads: 2)
      output z = LayerNorm(y)
    }`;
  const rows = (seed: number, count: number) =>
    JSON.stringify(
      Array.from({ length: count }, (_, i) =>
        Array.from({ length: 8 }, (__, k) => Math.sin(seed + i * 8 + k)),
      ),
    );
  const [a, b] = [rows(1, 3), rows(2, 5)];
  const together = await tracesOf(`${model}\nrun r for M { x = [${a}, ${b}] }`);
  for (const [item, x] of [a, b].entries()) {
    const alone = await run(`${model}\nrun r for M { x = ${x} }`);
    const trace = together[item];
    expect(trace && (await values(trace, 'z'))).toEqual(await values(alone, 'z'));
  }
});

test('an expectation holds where it holds for all', async () => {
  const [trace] = await tracesOf(`${embedding}
    run r for M { tokens = [[0], [2]]  expect y < 6 }`);
  expect(trace?.expectations).toMatchObject([
    { passed: false, message: expect.stringMatching(/^Of input 2 of 2: /) },
  ]);
});

test('inputs of a batch are as many for each', async () => {
  const text = `
    dims { N }
    model M {
      input x: int[N]
      input y: int[N]
      output z = x + y
    }
    run r for M {
      x = [[1], [2]]
      y = [[1], [2], [3]]
    }`;
  expect(await problems(text)).toEqual([
    'TB016 [[1], [2], [3]]: A batch has as many values for each input: here 3, and 2 before.',
  ]);
});
