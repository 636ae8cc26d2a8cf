/** Every entry of the catalogue shows a program that has its diagnostic and one that has none. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { analyze, findingsOf, type Machine } from '../../src/analysis/index.ts';
import { openEngine } from '../../src/engine/index.ts';
import { writeNpy, writeSafetensors } from '../../src/formats/index.ts';
import { diskFiles, runProgram, uriOf } from '../../src/session/index.ts';
import { type CatalogEntry, catalog } from '../../src/shapes/index.ts';

const entries: readonly (readonly [name: string, entry: CatalogEntry])[] = Object.entries(catalog);
const engine = openEngine({});
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tblock-catalog-'));
  // The files that the examples name.
  const preNorm = 'block PreNorm(x: [..., n]) -> [..., n] { return LayerNorm(x) }\n';
  writeFileSync(join(folder, 'blocks.tblock'), preNorm);
  const zeros = (...shape: number[]) => ({
    shape,
    data: new Float32Array(shape.reduce((product, length) => product * length, 1)),
  });
  writeSafetensors(join(folder, 'empty.safetensors'), new Map());
  writeSafetensors(join(folder, 'block.safetensors'), new Map([['W', zeros(4, 4)]]));
  writeSafetensors(join(folder, 'model.safetensors'), new Map([['weight', zeros(6, 4)]]));
  const norm = new Map([
    ['weight', zeros(4)],
    ['bias', zeros(4)],
  ]);
  writeSafetensors(join(folder, 'norm.safetensors'), norm);
  writeNpy(join(folder, 'x.npy'), { shape: [4], data: new Float64Array(4) });
});

afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

/** WebGPU promises every adapter 128 MiB. */
const machine: Machine = {
  memory: totalmem(),
  devices: { gpu: { name: 'The smallest GPU', largestValue: 128 * 2 ** 20 } },
};

/** The codes that checking a program gives, or else running the first thing in it that can run. */
async function codesOf(text: string, isTrusted: boolean): Promise<readonly string[]> {
  const uri = uriOf(join(folder, 'example.tblock'));
  const scope = { isTrusted, folders: [] };
  const files = diskFiles({}, { scope, program: uri, refused: () => undefined });
  const checked = findingsOf(analyze(uri, text, files), machine).map(({ code }) => code);
  if (checked.length > 0 || !/^run /m.test(text)) return checked;
  const request = {
    ...{ uri, text, files },
    target: undefined,
    backend: 'reference',
  } as const;
  const control = { signal: new AbortController().signal, progress: () => undefined };
  const outcome = await runProgram(engine, request, control);
  if (outcome.kind === 'rejected') return outcome.diagnostics.map(({ code }) => code);
  const failed = outcome.trace.expectations.filter(({ passed }) => !passed);
  outcome.dispose();
  return [
    ...outcome.diagnostics.map(({ code }) => code),
    ...failed.map(() => catalog.expectation.code),
  ];
}

test.each(entries)('%s: the wrong example has this diagnostic and no other', async (_, entry) => {
  expect([...new Set(await codesOf(entry.wrong, entry !== catalog.fileRestricted))]).toEqual([
    entry.code,
  ]);
});

test.each(entries)('%s: the right example has none', async (_, entry) => {
  expect(await codesOf(entry.right, entry !== catalog.fileRestricted)).toEqual([]);
});

test('codes are unique', () => {
  const codes = entries.map(([, { code }]) => code);
  expect(new Set(codes).size).toBe(codes.length);
});
