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
  const labels = tokenLabels(trace, trace.tokens?.length ?? 0);
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

test('tokens that a model predicts are written as text, whether the input has them or not', async () => {
  const trace = await run(
    `dims { N, V = 330 }
    model M {
      input tokens: int[N]
      param W_E: [V, 4] = normal(std: 1)
      x = W_E[tokens]
      x += FFN(x, hidden: 8)
      output logits = x @ W_E.T
    }
    run r for M {
      tokenizer = "byte-level/tokenizer.json"
      tokens = "the stream"
    }`,
    { folder },
  );
  const [text] = trace.textsOf?.([300]) ?? [];
  expect(trace.tokens).not.toContain(text);
  const view = await logitsView(trace, { position: 0, id: 300 });
  expect(view?.text).toBe(visibleToken(text ?? ''));
  expect(view?.text).not.toBe('300');
});
