import { expect, test } from 'vitest';
import { referenceBackend } from '../../src/engine/backends/reference.ts';
import { RunFault, RunStopped } from '../../src/engine/index.ts';
import { GraphBuilder, quietControl } from './small-graphs.ts';
import { referenceValues } from './test-backends.ts';
import * as ops from './tiny-operators.ts';

test('computes in float64', async () => {
  const builder = new GraphBuilder();
  const x = builder.input('x', [2], [0.1, 1e-12]);
  builder.apply(ops.shift, { x }, [2], { attributes: { by: 0.2 } });
  expect(await referenceValues(builder.build())).toEqual(Float64Array.of(0.1 + 0.2, 1e-12 + 0.2));
});

test('names the node whose values are wrong', async () => {
  const builder = new GraphBuilder();
  const table = builder.input('table', [2, 1], [1, 2]);
  const rows = builder.input('rows', [1], [7]);
  const id = builder.apply(ops.gather, { table, rows }, [1, 1]);
  const error: unknown = await referenceValues(builder.build()).catch((fault) => fault);
  expect(error).toBeInstanceOf(RunFault);
  expect(error).toMatchObject({ node: id, message: 'Row 7 is not in the table.' });
});

test('stops when told from a timer', async () => {
  const builder = new GraphBuilder();
  let x = builder.input('x', [1000], new Float64Array(1000));
  for (let step = 0; step < 50_000; step++)
    x = builder.apply(ops.shift, { x }, [1000], { attributes: { by: 1 } });
  const { graph, feeds } = builder.build();
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 15);
  const run = referenceBackend().execute(graph, feeds, {
    signal: abort.signal,
    progress: () => {},
  });
  await expect(run).rejects.toBeInstanceOf(RunStopped);
});

test('refuses values of another length: that is a bug', async () => {
  const builder = new GraphBuilder();
  builder.input('x', [3], [1, 2]);
  const { graph, feeds } = builder.build();
  await expect(referenceBackend().execute(graph, feeds, quietControl())).rejects.toThrow(
    '3 values were wanted, and 2 given.',
  );
});
