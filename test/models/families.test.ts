/**
 * Every family: import a checkpoint, check the program, run it, and find what transformers computed: the stream before
 * every layer, every attention pattern, the logits.
 */
import { readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { analyze } from '../../src/analysis/index.ts';
import { openEngine } from '../../src/engine/index.ts';
import { diskFiles, uriOf } from '../../src/session/index.ts';
import { formatted } from '../../src/syntax/index.ts';
import type { Trace } from '../../src/trace/index.ts';
import { folderOf, goldenOf, importedText, runOn } from './checkpoints.ts';

const all = fileURLToPath(new URL('../reference/hf/', import.meta.url));
const checkpoints = readdirSync(all).filter((name) => statSync(`${all}${name}`).isDirectory());

/** Errors relative to the largest value of a tensor; the goldens are float64 rounded to float32. */
const backends = [
  { backend: 'reference', tolerance: 1e-6 },
  { backend: 'cpu', tolerance: 2e-4 },
] as const;

const engine = openEngine({});
afterAll(() => engine.close());

/** The inputs of the goldens, as a run writes them. */
function inputsOf(checkpoint: string): Readonly<Record<string, string>> {
  const { names, values } = goldenOf(checkpoint);
  const list = (name: string) => `[${values(name).join(', ')}]`;
  if (names.includes('pixel_values')) {
    return { pixels: '"golden.safetensors"["pixel_values"]' };
  }
  return names.includes('decoder_input_ids')
    ? { tokens: list('input_ids'), targets: list('decoder_input_ids') }
    : { tokens: list('input_ids') };
}

/** Where the program has what transformers calls by this name. */
function pathOf(name: string, last: boolean): string {
  const [, tower = '', kind = '', index = ''] =
    /^(decoder\.|cross\.)?(\w+)\.?(\d*)$/.exec(name) ?? [];
  const prefix = tower === '' ? '' : 'decoder_';
  if (kind === 'logits') return 'logits';
  if (kind === 'hidden') return last ? `${prefix}final` : `${prefix}blocks.${index}.x#0`;
  const label = tower === 'cross.' ? 'cross' : 'attn';
  return `${prefix}blocks.${index}.${label}.pattern`;
}

async function errorsOf(
  trace: Trace,
  checkpoint: string,
): Promise<Readonly<Record<string, number>>> {
  const { names, values } = goldenOf(checkpoint);
  const wanted = names.filter((name) =>
    /^(decoder\.|cross\.)?(hidden|attention|logits)/.test(name),
  );
  const isLast = (name: string) =>
    !names.includes(name.replace(/\d+$/, (i) => String(Number(i) + 1)));
  const errors = await Promise.all(
    wanted.map(async (name) => {
      const golden = values(name);
      const path = pathOf(name, isLast(name));
      const own = path.endsWith('final') && !trace.tensors.has(path) ? lastStream(trace) : path;
      const found = await trace.read(own);
      if (found?.data.length !== golden.length) return [name, Number.POSITIVE_INFINITY] as const;
      const largest = Math.max(...golden.map(Math.abs), 1e-3);
      const error = Math.max(...golden.map((value, i) => Math.abs(value - (found.data[i] ?? 0))));
      return [name, error / largest] as const;
    }),
  );
  return Object.fromEntries(errors);
}

/** The stream after the last layer and the norm that follows it, where there is one. */
function lastStream(trace: Trace): string {
  // The hidden states of a ViT end before its last norm.
  if (trace.model === 'ViT') return 'x#1';
  if (trace.tensors.has('ln_final')) return 'ln_final';
  return trace.aliases.get('x') ?? 'x';
}

describe.each(checkpoints)('%s', (checkpoint) => {
  test('imports as a program without a finding, as the formatter writes it', () => {
    const text = importedText(checkpoint);
    expect(formatted(text)).toBe(text);
    const uri = uriOf(`${folderOf(checkpoint)}/imported.tblock`);
    const found = analyze(uri, text, diskFiles()).diagnostics;
    expect(found.map(({ code, message }) => `${code} ${message}`)).toEqual([]);
  });

  test.each(backends)(
    'computes what transformers computes: $backend',
    async ({ backend, tolerance }) => {
      const text = importedText(checkpoint);
      const run = await runOn({ engine, backend }, checkpoint, text, inputsOf(checkpoint));
      const errors = await errorsOf(run.trace, checkpoint);
      run.dispose();
      expect(Object.keys(errors).length).toBeGreaterThan(3);
      const wrong = Object.entries(errors).filter(([, error]) => !(error <= tolerance));
      expect(Object.fromEntries(wrong)).toEqual({});
    },
  );
});
