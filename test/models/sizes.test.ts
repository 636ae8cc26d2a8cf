/** How many parameters a published model has, counted on the program that its config.json alone becomes. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { analyze, costNamed } from '../../src/analysis/index.ts';
import { importHuggingFace } from '../../src/formats/index.ts';
import { diskFiles, uriOf } from '../../src/session/index.ts';
import { numberOf } from '../../src/shapes/index.ts';

const configs: Readonly<Record<string, Readonly<Record<string, unknown>>>> = JSON.parse(
  readFileSync(new URL('configs.json', import.meta.url), 'utf8'),
);

/** As the model's authors or its page say: a matrix that the embedding and the head share counts once. */
const published = [
  ['gpt2', 124_439_808],
  ['gpt2-xl', 1_557_611_200],
  ['pythia-70m', 70_426_624],
  ['gpt-j-6b', 6_050_882_784],
  ['opt-125m', 125_239_296],
  ['opt-350m', 331_196_416],
  ['llama-2-7b', 6_738_415_616],
  ['llama-3.1-8b', 8_030_261_248],
  ['llama-3.2-1b', 1_235_814_400],
  ['mistral-7b', 7_241_732_096],
  ['qwen2-0.5b', 494_032_768],
  ['qwen3-0.6b', 596_049_920],
  ['gemma-2b', 2_506_172_416],
  ['gemma-2-2b', 2_614_341_888],
  ['gemma-3-270m', 268_098_176],
  ['gemma-3-1b', 999_885_952],
  ['phi-2', 2_779_683_840],
  ['phi-3-mini-4k', 3_821_079_552],
  ['falcon-7b', 6_921_720_704],
  ['bloom-560m', 559_214_592],
  ['mpt-7b', 6_649_286_656],
  ['starcoder2-3b', 3_030_371_328],
  ['olmo-2-1b', 1_484_916_736],
  ['olmo-2-7b', 7_298_617_344],
  ['mixtral-8x7b', 46_702_792_704],
  ['qwen1.5-moe-a2.7b', 14_315_784_192],
  ['qwen3-30b-a3b', 30_532_122_624],
  // With the head for masked tokens, without the pooler.
  ['bert-base-uncased', 109_514_298],
  ['roberta-base', 124_697_433],
  ['distilbert-base-uncased', 66_985_530],
  // The encoder without the pooler, whose 768 × 768 + 768 parameters nothing here reads.
  ['vit-base-patch16-224-in21k', 86_389_248 - 590_592],
  ['t5-small', 60_506_624],
  ['flan-t5-small', 76_961_152],
] as const;

test.each(published)('%s has %i parameters', { timeout: 30_000 }, (name, count) => {
  const folder = mkdtempSync(join(tmpdir(), 'tblock-size-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'config.json'), JSON.stringify(configs[name]));
  const imported = importHuggingFace(folder);
  if (!imported.ok) throw new Error(imported.error.message);
  const analysis = analyze(uriOf('/model.tblock'), imported.value.text, diskFiles());
  const found = costNamed(analysis, 'demo');
  expect(found && numberOf(found.facts, found.cost.total.parameters)).toBe(count);
});
