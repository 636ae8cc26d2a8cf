/** A folder as Hugging Face has it (config.json, weights, tokenizer) as a program: dims, blocks, model, mapping, run. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { t } from '@vscode/l10n';
import { fileLength } from '../file-blocks.ts';
import { type FormatError, quoted, readError } from '../format-error.ts';
import { fail, type Result, succeed } from '../result.ts';
import { openWeights } from '../weights-file.ts';
import { Config } from './config.ts';
import { Draft, namePattern } from './draft.ts';
import { families } from './families.ts';
import type { Family } from './family.ts';

export interface ImportedModel {
  /** The text of the `.tblock` file, whose paths are relative to the folder. */
  readonly text: string;
  /** What its authors call it. */
  readonly title: string;
  /** What the program leaves out or does otherwise, in sentences. */
  readonly notes: readonly string[];
}

export interface ImportOptions {
  /** What stands before the names of files: the way from the program to the folder, with `/` at its end. */
  readonly folderPath?: string;
}

/**
 * Writes the program of a checkpoint. Weights are looked into, not read, and need not be there.
 * Errors: those of the files, and `header` for what config.json asks for and cannot be written, all of it at once.
 */
export function importHuggingFace(
  folder: string,
  { folderPath = '' }: ImportOptions = {},
): Result<ImportedModel, FormatError> {
  const path = join(folder, 'config.json');
  const values = readJson(path);
  if (!values.ok) return values;
  const whole = new Config(values.value);
  // A model that also sees or hears keeps its language model in here.
  const config = whole.section('text_config') ?? whole;
  if (config !== whole)
    whole.note(t`Only the language model is imported, not what feeds it images or sound.`);
  const type = config.text('model_type', '');
  const family = families.find(({ types }) => types.includes(type));
  if (family === undefined) {
    const known = families.flatMap(({ types }) => types).join(', ');
    const found = t`its model_type is ${quoted(type)}`;
    return fail(readError('header', path, found, t`Families that can be imported: ${known}.`));
  }
  const weights = weightsIn(folder, config);
  if (!weights.ok) return weights;
  const draft = new Draft(renamed(weights.value?.tensors, family));
  family.write(config, draft);
  refuseQuantized(config);
  const { problems } = config;
  if (problems.length > 0) {
    const wayOut = t`Write these parts by hand, or import another checkpoint.`;
    return fail(readError('header', path, problems.join(' '), wayOut));
  }
  for (const setting of config.unread()) {
    config.note(
      t`config.json says ${setting}, which this import knows nothing of: the program is without it.`,
    );
  }
  const run = { folder, folderPath, weights: weights.value, architecture: architectureOf(whole) };
  return succeed(programOf(family, config, draft, run));
}

interface RunParts {
  readonly folder: string;
  readonly folderPath: string;
  readonly weights: FoundWeights | undefined;
  readonly architecture: string;
}

function programOf(family: Family, config: Config, draft: Draft, run: RunParts): ImportedModel {
  const { title, model, source } = family;
  const { architecture, weights, folderPath } = run;
  const from = architecture === '' ? '' : `, ${architecture}`;
  const documentation = [`${title} (${source}), imported from config.json${from}.`];
  for (const note of config.notes) documentation.push('', note);
  const file = `${folderPath}${weights?.file ?? 'model.safetensors'}`;
  const widest = Math.max(...draft.mapping.map(({ path }) => path.length));
  const mapping = draft.mapping.map((line) => {
    const tensor = nameIn(weights?.tensors, line.tensor, family);
    return `  ${line.path.padEnd(widest)} <- "${tensor}"${line.steps}`;
  });
  const text = [
    draft.text(model, documentation),
    `weights checkpoint = "${file}" {\n${mapping.join('\n')}\n}`,
    runText(model, draft, run),
  ].join('\n\n');
  return { text: `${text}\n`, title, notes: config.notes };
}

function runText(model: string, draft: Draft, parts: RunParts): string {
  const inputs = inputLines(draft, parts);
  const runs = [runOf('demo', model, [...inputs, ...draft.expectations])];
  const choices = draft.generates ? generationLines(parts.folder) : undefined;
  if (choices !== undefined) runs.push(runOf('continued', model, [...inputs, ...choices]));
  return runs.join('\n\n');
}

function runOf(name: string, model: string, lines: readonly string[]): string {
  return `run ${name} for ${model} {\n${lines.map((line) => `  ${line}`).join('\n')}\n}`;
}

/** How `generation_config.json` chooses tokens; undefined where there is none, or it cannot be read. */
function generationLines(folder: string): readonly string[] | undefined {
  const values = readJson(join(folder, 'generation_config.json'));
  if (!values.ok) return undefined;
  const { do_sample: sampled, temperature, top_k: topK, top_p: topP } = values.value;
  const lines = ['generate = 10'];
  // Without it the most probable token is chosen.
  if (sampled !== true) return lines;
  lines.push(`temperature = ${isPositive(temperature) ? temperature : 1}`);
  if (isPositive(topK)) lines.push(`top_k = ${topK}`);
  if (isPositive(topP) && topP < 1) lines.push(`top_p = ${topP}`);
  return lines;
}

function isPositive(value: unknown): value is number {
  return typeof value === 'number' && value > 0;
}

/** Weights, and text or ids for every input. */
function inputLines(draft: Draft, { folder, folderPath, weights }: RunParts): readonly string[] {
  const lines = weights === undefined ? [] : ['weights = checkpoint'];
  const tokenizer = existsSync(join(folder, 'tokenizer.json'));
  if (tokenizer && draft.feeds.length > 0) {
    lines.push(`tokenizer = "${folderPath}tokenizer.json"`);
  }
  for (const [i, input] of draft.feeds.entries()) {
    const text = i === 0 ? '"The quick brown fox jumps over the lazy dog"' : '"A quick fox"';
    lines.push(`${input} = ${tokenizer ? text : '[1, 2, 3, 4, 5, 6, 7, 8]'}`);
  }
  return lines;
}

// ---------------------------------------------------------------- files

interface FoundWeights {
  readonly file: string;
  readonly tensors: ReadonlyMap<string, { readonly shape: readonly number[] }>;
}

/** The weights of the folder, if it has any: their headers only. */
function weightsIn(folder: string, config: Config): Result<FoundWeights | undefined, FormatError> {
  for (const file of ['model.safetensors', 'model.safetensors.index.json']) {
    if (!existsSync(join(folder, file))) continue;
    const opened = openWeights(join(folder, file));
    return opened.ok ? succeed({ file, tensors: opened.value.tensors }) : opened;
  }
  const pickled = existsSync(join(folder, 'pytorch_model.bin'));
  config.note(
    pickled
      ? t`The weights are in pytorch_model.bin, which is a program and is not read: save them as safetensors (model.save_pretrained), and add weights = checkpoint to the run.`
      : t`The folder has no weights: without weights = checkpoint in a run they are random.`,
  );
  return succeed(undefined);
}

function readJson(path: string): Result<Readonly<Record<string, unknown>>, FormatError> {
  const size = fileLength(path);
  if (!size.ok) return size;
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return succeed({ ...value });
    }
    return fail(readError('header', path, t`it is no JSON object`, t`Download it again.`));
  } catch (cause) {
    const found = t`it is no valid JSON (${quoted(String(cause))})`;
    return fail(readError('header', path, found, t`Download it again.`));
  }
}

function refuseQuantized(config: Config): void {
  const quantization = config.section('quantization_config');
  if (quantization === undefined) return;
  const method = quantization.text('quant_method', t`an unknown method`);
  config.refuse(true, t`its weights are quantized (${method}), which cannot be read.`);
}

function architectureOf(config: Config): string {
  const names = config.texts('architectures') ?? [];
  return names[0] ?? '';
}

// ---------------------------------------------------------------- names

/** Where wrappers and bare models put the names that begin with the prefix. */
function spellingsOf(name: string, { prefix }: Family): readonly string[] {
  const older = name.replace(/\.weight$/, '.gamma').replace(/\.bias$/, '.beta');
  const bare = (each: string) => (each.startsWith(prefix) ? [each.slice(prefix.length)] : []);
  const wrapped = (each: string) => [
    `language_model.${each}`,
    `model.language_model.${each.replace(/^model\./, '')}`,
  ];
  return [name, older].flatMap((each) => [each, ...bare(each), ...wrapped(each)]);
}

/** The name under which the checkpoint has a tensor; the family's own where it has none, or is not there. */
function nameIn(
  tensors: ReadonlyMap<string, unknown> | undefined,
  name: string,
  family: Family,
): string {
  if (tensors === undefined) return name;
  const known = [...tensors.keys()];
  const found = spellingsOf(name, family).find((spelling) => {
    const pattern = namePattern(spelling);
    return known.some((each) => pattern.test(each));
  });
  return found ?? name;
}

/** The tensors under the family's own names too, whatever they begin with here. */
function renamed(
  tensors: FoundWeights['tensors'] | undefined,
  { prefix }: Family,
): ReadonlyMap<string, unknown> | undefined {
  if (tensors === undefined) return undefined;
  const names = [...tensors.keys()].flatMap((name) => {
    const inner = name.replace(/^(model\.language_model\.|language_model\.)/, '');
    return [name, inner, `${prefix}${name}`, `${prefix}${inner}`];
  });
  return new Map(names.map((name) => [name, true]));
}
