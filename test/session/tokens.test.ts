/** Text as the input of a run, through a tokenizer. */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { logitsView, tokenLabels, visibleToken } from '../../src/views/index.ts';
import { problems, run, shape, values } from './run-text.ts';

const folder = fileURLToPath(new URL('../reference/tokenizers/', import.meta.url));

const model = `
  dims { N, V = 400 }
  model M {
    input tokens: int[N]
    input scale: [1] = ones
    output y = Embedding(tokens, vocab: V, width: 4) * scale
  }`;

test('text becomes ids, N their number, and their texts label the views', async () => {
  const trace = await run(
    `${model}
    run r for M {
      tokenizer = "byte-level/tokenizer.json"
      tokens = "the stream<|endoftext|> the"
    }`,
    { folder },
  );
  expect(await values(trace, 'tokens')).toHaveLength(trace.tokens?.length ?? -1);
  expect(shape(trace, 'y')).toEqual([trace.tokens?.length, 4]);
  expect(trace.tokens?.join('')).toBe('the stream<|endoftext|> the');
  const labels = await tokenLabels(trace, trace.tokens?.length ?? 0);
  expect(labels.slice(-2)).toEqual(['<|endoftext|>', '·the']);
});

test('ids are labelled too', async () => {
  const text = `${model}
    run r for M {
      tokens = [2, 7, 3]
      tokenizer = "word-piece/tokenizer.json"
    }`;
  expect((await run(text, { folder })).tokens?.slice(0, 1)).toEqual(['[CLS]']);
});

test.each([
  ['tokens = "text"', /^TB204 "text": .*add tokenizer = "tokenizer\.json"/],
  ['tokens = "text"\ntokenizer = "gone.json"', /^TB205 "gone\.json": .*gone\.json.*no such file/],
  ['tokens = "text"\ndims { N = 2 }\ntokenizer = "gone.json"', /^TB205 "gone\.json": /],
  ['tokens = "text"\ntokenizer = "golden.json"', /^TB205 "golden\.json": .*has no model/],
  ['scale = "text"\ntokens = [1]', /^TB016 "text": Text becomes token ids/],
])('%s', async (settings, message) => {
  const found = await problems(`${model}\nrun r for M {\n${settings}\n}`, { folder });
  expect(found.join('\n')).toMatch(message);
  expect(found).toHaveLength(1);
});

const decoder = `
  dims { N, V = 400, d = 8 }
  model M {
    input tokens: int[N]
    x = Embedding(tokens, vocab: V, width: d) as embed
    x = PreNormBlock(x, heads: 2, hidden: 16, causal: true) as block
    output logits = Unembed(x, vocab: V) as head
  }`;

test('what a model predicts is text too, for all of the vocabulary', async () => {
  const trace = await run(
    `${decoder}
    run r for M {
      tokenizer = "byte-level/tokenizer.json"
      tokens = "the stream"
    }`,
    { folder },
  );
  const view = await logitsView(trace, { position: 0 });
  const texts = view?.top.flat().map(({ text }) => text) ?? [];
  const ids = view?.top.flat().map(({ id }) => id) ?? [];
  expect(texts).toEqual(trace.textsOf?.(ids)?.map(visibleToken));
});

test('without a tokenizer tokens go by their numbers', async () => {
  const trace = await run(`${decoder} run r for M { tokens = [2, 7, 3] }`);
  const view = await logitsView(trace, { position: 0, id: 9 });
  expect([view?.tokens, view?.text]).toEqual([['#2', '#7', '#3'], '#9']);
});
