/** Matrix products on the GPU: the tiled program beside the closed kernel of the record. */
import { type Engine, openEngine } from '../../src/engine/index.ts';
import type { Op } from '../../src/ops/index.ts';
import { opWritten } from '../../src/ops/index.ts';
import { GraphBuilder, quietControl, sampleValues } from '../engine/small-graphs.ts';
import { median, type Row } from './table.ts';

const repetitions = 9;
const shapes = [
  [512, 512, 512],
  [1024, 1024, 1024],
  [2048, 2048, 2048],
  [16, 768, 3072],
  [64, 768, 3072],
  [128, 768, 3072],
  [512, 768, 3072],
  [512, 3072, 768],
  [512, 768, 50257],
] as const;

/** @param longest takes only so much of every axis */
export async function measureProducts(longest = Infinity): Promise<readonly Row[]> {
  const engine = openEngine({});
  const tiled = opWritten({ kind: 'binary', symbol: '@' });
  const { form: _, ...closed } = tiled;
  const rows: Row[] = [];
  for (const shape of shapes) {
    const [m, k, n] = shape.map((length) => Math.min(length, longest)) as [number, number, number];
    const gigaflops = (milliseconds: number) => (2 * m * k * n) / 1e6 / milliseconds;
    const ours = await measure(engine, tiled, [m, k, n]);
    const plain = await measure(engine, { ...closed, name: 'closed product' }, [m, k, n]);
    rows.push({
      'rows × inner × columns': `${m} × ${k} × ${n}`,
      'GPU ms': ours.toFixed(3),
      'GFLOP/s': gigaflops(ours).toFixed(0),
      'times the closed kernel': (plain / ours).toFixed(1),
    });
  }
  await engine.close();
  return rows;
}

async function measure(
  engine: Engine,
  op: Op,
  [m, k, n]: readonly [number, number, number],
): Promise<number> {
  const times: number[] = [];
  // The first compiles.
  for (let i = 0; i <= repetitions; i++) {
    const builder = new GraphBuilder();
    // Another operand each time: what is known is not computed.
    const a = builder.input('a', [m, k], sampleValues(m * k, i + 2));
    const b = builder.input('b', [k, n], sampleValues(k * n, 1));
    builder.apply(op, { a, b }, [m, n]);
    const { graph, feeds } = builder.build();
    const { execution, report } = await engine.runGraph(graph, feeds, 'gpu', quietControl());
    if (report.name !== 'gpu') throw new Error(report.reason);
    if (i > 0) times.push(execution.timings[0]?.milliseconds ?? Number.NaN);
    execution.dispose();
  }
  return median(times);
}
