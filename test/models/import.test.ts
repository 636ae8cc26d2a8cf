/** What an import says: of published configurations, of what it cannot write, of what it does not know. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { analyze } from '../../src/analysis/index.ts';
import { openEngine } from '../../src/engine/index.ts';
import {
  type ImportedModel,
  importHuggingFace,
  writeSafetensors,
} from '../../src/formats/index.ts';
import { diskFiles, runProgram, uriOf } from '../../src/session/index.ts';
import { folderOf } from './checkpoints.ts';

type Settings = Readonly<Record<string, unknown>>;

const published: Readonly<Record<string, Settings>> = JSON.parse(
  readFileSync(new URL('configs.json', import.meta.url), 'utf8'),
);

function folderWith(config: unknown): string {
  const folder = mkdtempSync(join(tmpdir(), 'tblock-import-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const text = typeof config === 'string' ? config : JSON.stringify(config);
  writeFileSync(join(folder, 'config.json'), text);
  return folder;
}

function imported(folder: string): ImportedModel {
  const result = importHuggingFace(folder);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

function refusal(config: unknown): string {
  const result = importHuggingFace(folderWith(config));
  return result.ok ? 'imported' : `${result.error.code}: ${result.error.message}`;
}

const withoutWeights =
  'The folder has no weights: without weights = checkpoint in a run they are random.';

/** What a published configuration says and its program does not have. */
const expectedNotes: Readonly<Record<string, readonly string[]>> = {
  'gemma-3-4b': ['Only the language model is imported, not what feeds it images or sound.'],
  'vit-base-patch16-224-in21k': ['There is no classifier: the model ends with its last stream.'],
};

describe('published configurations', () => {
  test.each(Object.entries(published))('%s', { timeout: 30_000 }, (name, config) => {
    const { text, notes } = imported(folderWith(config));
    const { diagnostics } = analyze(uriOf('/model.tblock'), text, diskFiles());
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([]);
    const expected = expectedNotes[name] ?? [];
    expect([...notes].sort()).toEqual([withoutWeights, ...expected].sort());
  });
});

describe('what a configuration asks for and the program lacks is named', () => {
  const llama = published['llama-2-7b'] ?? {};

  test('settings that the family does not know, in the file and beside it', () => {
    const { text, notes } = imported(folderWith({ ...llama, attention_sinks: 4, off: false }));
    const note =
      'config.json says attention_sinks = 4, which this import knows nothing of: the program is without it.';
    expect(notes).toEqual([withoutWeights, note]);
    expect(text).toContain(`/// ${note}\n`);
  });

  test.each([
    [{ hidden_act: 'mish' }, /^header: .*the activation mish is not known/],
    [{ rope_scaling: { type: 'spiral', factor: 2 } }, /rope scaling of the type spiral/],
    [{ quantization_config: { quant_method: 'gptq' } }, /weights are quantized \(gptq\)/],
    [{ hidden_size: undefined }, /must have hidden_size as a number, and it is not there/],
    [{ num_hidden_layers: 'many' }, /must have num_hidden_layers .*it is "many"/],
    [{ model_type: 'mamba' }, /model_type is "mamba"\. Families that can be imported: .*llama/],
    [{ model_type: undefined }, /model_type is ""/],
  ])('%j is refused', (change, message) => {
    expect(refusal({ ...llama, ...change })).toMatch(message);
  });

  test('everything that is refused is said at once', () => {
    const said = refusal({ ...llama, hidden_act: 'mish', rope_scaling: { rope_type: 'spiral' } });
    expect(said).toMatch(/spiral.*mish/);
  });

  test.each(['{"model_type": ', '[]', '3'])('%s is no config.json', (text) => {
    expect(refusal(text)).toMatch(/^header: Cannot read ".*config\.json"/);
  });

  test('a folder without config.json', () => {
    const result = importHuggingFace('/nowhere');
    expect(result.ok ? '' : result.error.message).toMatch(/nowhere.*no such file/);
  });
});

describe('what lies beside config.json', () => {
  const copied = (checkpoint: string) => {
    const folder = folderWith('');
    cpSync(folderOf(checkpoint), folder, { recursive: true });
    return folder;
  };

  test('a tokenizer becomes that of the run, with text to begin with', () => {
    const folder = copied('gpt2');
    cpSync(
      new URL('../reference/tokenizers/byte-level/tokenizer.json', import.meta.url),
      join(folder, 'tokenizer.json'),
    );
    const { text } = imported(folder);
    expect(text).toContain('  tokenizer = "tokenizer.json"\n  tokens = "The quick brown fox');
  });

  test('a generation_config.json becomes a run that goes on by itself', async () => {
    const folder = copied('llama');
    const choices = { do_sample: true, temperature: 0.6, top_k: 5, top_p: 0.9 };
    writeFileSync(join(folder, 'generation_config.json'), JSON.stringify(choices));
    const { text } = imported(folder);
    expect(text).toContain('  generate = 10\n  temperature = 0.6\n  top_k = 5\n  top_p = 0.9\n');
    const engine = openEngine({});
    const request = { uri: uriOf(join(folder, 'llama.tblock')), text, files: diskFiles() };
    const control = { signal: new AbortController().signal, progress: () => undefined };
    const run = { ...request, target: 'continued', backend: 'reference' as const };
    const outcome = await runProgram(engine, run, control);
    await engine.close();
    expect(outcome.diagnostics).toEqual([]);
    expect(outcome.kind === 'done' && outcome.trace.generation?.steps).toHaveLength(10);
  });

  test('an index of shards is what the mapping names', () => {
    const folder = folderWith(published['gpt2']);
    const name = 'wte.weight';
    writeSafetensors(
      join(folder, 'a.safetensors'),
      new Map([[name, { shape: [1], data: Float32Array.of(0) }]]),
    );
    const index = JSON.stringify({ weight_map: { [name]: 'a.safetensors' } });
    writeFileSync(join(folder, 'model.safetensors.index.json'), index);
    const { text } = imported(folder);
    expect(text).toContain('weights checkpoint = "model.safetensors.index.json" {');
    // Checkpoints of the bare model leave out the first part of every name.
    expect(text).toMatch(/^ {2}W_E +<- "wte\.weight"$/m);
  });

  test('weights that are a pickle are not read, and how to have them otherwise is said', () => {
    const folder = folderWith(published['gpt2']);
    writeFileSync(join(folder, 'pytorch_model.bin'), 'PK');
    expect(imported(folder).notes).toEqual([
      expect.stringMatching(/pytorch_model\.bin.*safetensors/),
    ]);
  });

  test('older names of norms are found', () => {
    const folder = folderWith(published['bert-base-uncased']);
    const names = ['bert.embeddings.LayerNorm.gamma', 'bert.embeddings.LayerNorm.beta'];
    const zero = { shape: [1], data: Float32Array.of(0) };
    writeSafetensors(join(folder, 'model.safetensors'), new Map(names.map((name) => [name, zero])));
    const { text } = imported(folder);
    expect(text).toMatch(/^ {2}ln_embed\.gamma +<- "bert\.embeddings\.LayerNorm\.gamma"$/m);
  });
});
