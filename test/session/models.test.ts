/**
 * The prelude's blocks and whole models against PyTorch: every run of test/reference/models/*.tblock, every
 * tensor that test/reference/models/generate.py wrote down for it, on every backend.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../src/engine/index.ts';
import { openSafetensors } from '../../src/formats/index.ts';
import { type BackendCase, engineOf } from './engines.ts';
import { largestError, traceOfFile } from './run-text.ts';

const folder = fileURLToPath(new URL('../reference/models/', import.meta.url));
const prefix = 'expected/';

/** Errors relative to max(1, |expected|). Float32 rounds a sum of a few hundred products to about 1e-6. */
const backends: readonly BackendCase[] = [
  { name: 'reference', tolerance: 1e-12 },
  { name: 'simd', tolerance: 1e-5 },
  { name: 'gpu.js cpu', tolerance: 1e-5 },
  { name: 'gpu.js webasm', tolerance: 1e-5 },
  { name: 'gpu.js webgpu', tolerance: 1e-5 },
];

const runs = readdirSync(folder)
  .filter((file) => file.endsWith('.tblock'))
  .flatMap((file) =>
    [...readFileSync(folder + file, 'utf8').matchAll(/^run (\w+) for (\w+)/gm)].map(
      ([, run = '', target = '']) => ({ file: folder + file, run, target }),
    ),
  );

test('every golden file has its run', () => {
  const goldens = readdirSync(`${folder}goldens`).map((file) => file.replace('.safetensors', ''));
  expect(runs.map(({ run }) => run).sort()).toEqual(goldens.sort());
});

describe.each(backends)('$name', ({ name, tolerance }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await engineOf(name);
  });
  afterAll(() => engine.close());

  test.each(runs)('$run ($target)', async ({ file, run }) => {
    const golden = openSafetensors(`${folder}goldens/${run}.safetensors`);
    if (!golden.ok) throw new Error(golden.error.message);
    const trace = await traceOfFile(engine, file, run);
    const expected = [...golden.value.tensors].filter(([path]) => path.startsWith(prefix));
    expect(expected.length).toBeGreaterThan(0);
    const errors: Record<string, number> = {};
    for (const [written, { shape }] of expected) {
      const path = written.slice(prefix.length);
      const values = await trace.read(path);
      const wanted = golden.value.readFloat64(written);
      if (!wanted.ok) throw new Error(wanted.error.message);
      expect({ path, shape: values?.info.axes.map(({ size }) => size) }).toEqual({ path, shape });
      const error = largestError(values?.data ?? [], wanted.value);
      if (!(error <= tolerance)) errors[path] = error;
    }
    expect(errors).toEqual({});
    expect(trace.expectations.filter(({ passed }) => !passed)).toEqual([]);
  });
});
