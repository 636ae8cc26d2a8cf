/** Whatever a run is doing, a stop is answered, and the next run runs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uriOf } from '../../src/files/index.ts';
import { writeSafetensors } from '../../src/formats/index.ts';
import { quantile, randomFrom, record, scaled } from './figures.ts';
import { buildProcesses, EngineProcess } from './processes.ts';

let engine: EngineProcess;
let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tblock-cancel-'));
  const weights = Array.from(
    { length: 48 },
    (_, i) =>
      [
        `blocks.${i}.W`,
        { shape: [768, 768], data: new Float32Array(768 * 768).fill(1e-3) },
      ] as const,
  );
  writeSafetensors(join(folder, 'w.safetensors'), new Map(weights));
  await buildProcesses();
  engine = new EngineProcess();
}, 120_000);
afterAll(() => {
  engine?.close();
  rmSync(folder, { recursive: true, force: true });
});

const layers = (count: number, width: number) => `dims { T = 64, d = ${width} }
model M {
  input x: [T, d]
  repeat ${count} as blocks {
    x = PreNormBlock(x, heads: 8, hidden: 4 * d, causal: true, bias: true)
  }
  output y = x
}
run demo for M { seed = 1 }
`;

/** Long in one stage each. */
const programs: Readonly<Record<string, string>> = {
  'parsing and checking': Array.from(
    { length: 300 },
    (_, i) =>
      `block B${i}(x: [64, 32]) -> [64, 32] {\n  param W: [32, 32]\n  y = LayerNorm(x) @ W\n  return y + x\n}\n`,
  ).join('\n'),
  'laying out the graph': layers(120, 16),
  'drawing parameters':
    'model M {\n  param W: [40_000, 500]\n  input x: [500]\n  output y = W @ x\n}\nrun demo for M { seed = 1 }\n',
  'reading weights':
    'dims { d = 768 }\nmodel M {\n  input x: [128, d]\n  repeat 48 as blocks {\n    param W: [d, d]\n    x = x @ W\n  }\n  output y = x\n}\nrun demo for M { weights = "w.safetensors" }\n',
  computing: layers(12, 512),
  'one large product':
    'model M {\n  input x: [2500, 2500] = normal(seed: 1)\n  output y = x @ x\n}\nrun demo for M { seed = 1 }\n',
};
const quick = 'model Q {\n  input x: [2] = [1, 2]\n  output y = x + x\n}\n';
const names = Object.keys(programs);

describe.each(names)('while it is %s', (name) => {
  test('a stop ends the run, and the next one runs', { timeout: 1_200_000 }, async () => {
    const random = randomFrom(7 + names.indexOf(name));
    const uri = uriOf(join(folder, 'program.tblock'));
    const text = programs[name] ?? '';
    const start = performance.now();
    expect((await engine.run(uri, text)).kind).toBe('done');
    const whole = performance.now() - start;
    const waits: number[] = [];
    for (let i = 0; i < scaled(2, 12); i++) {
      // Another text each time: of an equal one nothing would be computed again.
      const changed = text
        .replaceAll('seed = 1', `seed = ${i + 2}`)
        .replaceAll('seed: 1', `seed: ${i + 2}`);
      const running = engine.run(uri, changed);
      await new Promise((done) => setTimeout(done, random() * whole));
      const asked = performance.now();
      await engine.rpc.ask('stop', {});
      const { kind } = await running;
      waits.push(performance.now() - asked);
      expect(['stopped', 'done']).toContain(kind);
    }
    expect((await engine.run(uri, quick)).kind).toBe('done');
    record(`cancel ${name}`, {
      stops: waits.length,
      median: quantile(waits, 0.5),
      p95: quantile(waits, 0.95),
      longest: quantile(waits, 1),
      whole,
    });
  });
});
