/** What is said of weights that do not fit the model. */
import { expect, test } from 'vitest';
import { counting, folderWith, outcome, problems, run, values } from './run-text.ts';

const model = `
  model M {
    input x: [2] = [1, 1]
    repeat 2 as blocks {
      x += Linear(x, out: 2) as fc
    }
    output y = x
  }`;

const tensors = (...names: readonly string[]) => ({
  tensors: Object.fromEntries(
    names.map((name) => [name, name.endsWith('bias') ? counting(2) : counting(2, 2)]),
  ),
});

test('tensors that nothing reads are a warning where the file is named, and the run goes on', async () => {
  const folder = folderWith({
    'w.safetensors': tensors('h.0.weight', 'h.1.weight', 'h.0.bias', 'h.1.bias', 'pooler.weight'),
  });
  const text = `${model}
    weights w = "w.safetensors" {
      blocks.*.fc.W <- "h.*.weight".T
      blocks.*.fc.b <- "h.*.bias"
    }
    run r for M { weights = w }`;
  const done = await outcome(text, { folder });
  expect(done.kind).toBe('done');
  expect(done.diagnostics).toMatchObject([
    { code: 'TB220', severity: 'warning', message: 'No parameter takes pooler.weight, [2, 2].' },
  ]);
  expect(done.diagnostics.map(({ source }) => text.slice(source.start, source.end))).toEqual(['w']);
});

test('every line that does not fit says so, all at once, with the nearest names', async () => {
  const folder = folderWith({
    'w.safetensors': tensors(
      'model.h.0.weight',
      'model.h.1.weight',
      'model.h.0.bias',
      'model.h.1.bias',
    ),
  });
  const found = await problems(
    `${model}
    weights w = "w.safetensors" {
      blocks.*.fc.W <- "h.*.weight"
      blocks.*.fc.b <- "model.h.*.bias"[0:1]
      blocks.*.fd.b <- "model.h.*.bias"
    }
    run r for M { weights = w }`,
    { folder },
  );
  expect(found).toHaveLength(3);
  expect(found[0]).toMatch(
    /^TB206 "h\.\*\.weight": .*no tensor h\.0\.weight for blocks\.0\.fc\.W.*Did you mean model\.h\.0\.weight\?\n.*h\.1/s,
  );
  expect(found[1]).toMatch(
    /^TB207 "model\.h\.\*\.bias": model\.h\.0\.bias gives \[1\], but blocks\.0\.fc\.b is \[2\]/,
  );
  expect(found[2]).toMatch(
    /^TB202 blocks\.\*\.fd\.b: .*no parameter.*Did you mean blocks\.\*\.fc\.b\?/,
  );
});

test('a run with fewer layers than the file has no complaint about the rest', async () => {
  const names = [0, 1, 2].flatMap((i) => [`h.${i}.weight`, `h.${i}.bias`]);
  const folder = folderWith({ 'w.safetensors': tensors(...names) });
  const text = `${model}
    weights w = "w.safetensors" {
      blocks.*.fc.W <- "h.*.weight"
      blocks.*.fc.b <- "h.*.bias"
    }
    run r for M { weights = w }`;
  const trace = await run(text, { folder });
  expect(await values(trace, 'blocks.1.fc.b')).toEqual([0, 1]);
  expect((await outcome(text, { folder })).diagnostics).toEqual([]);
});
