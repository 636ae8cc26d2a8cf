import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openTokenizer } from '../../src/formats/index.ts';
import { scratchFolder } from './scratch-folder.ts';

const reference = new URL('../reference/tokenizers/', import.meta.url);

interface Encoded {
  readonly tokenizer: string;
  readonly text: string;
  readonly ids: readonly number[];
  readonly tokens: readonly string[];
}

const golden: { readonly encoded: readonly Encoded[] } = JSON.parse(
  readFileSync(new URL('golden.json', reference), 'utf8'),
);

function opened(name: string) {
  const file = openTokenizer(fileURLToPath(new URL(`${name}/tokenizer.json`, reference)));
  if (!file.ok) throw new Error(file.error.message);
  return file.value;
}

function textsOf(name: string, text: string): readonly string[] {
  const encoded = opened(name).encode(text);
  if (!encoded.ok) throw new Error(encoded.error.message);
  return encoded.value.texts;
}

test.each(golden.encoded)('$tokenizer gives the ids of the tokenizers library: $text', (given) => {
  const encoded = opened(given.tokenizer).encode(given.text);
  expect(encoded.ok && encoded.value.ids).toEqual(given.ids);
});

describe('tokens read as', () => {
  test('the text that their bytes are, and single bytes where they are no whole letter', () => {
    expect(textsOf('byte-level', 'the stream').join('')).toBe('the stream');
    expect(textsOf('byte-level', ' the').join('|')).toBe(' the');
    expect(textsOf('byte-level', 'the\nstream')).toContain('\n');
    expect(textsOf('byte-level', '日')).toEqual(['\\xe6', '\\x97', '\\xa5']);
  });

  test('special tokens by their names, also within the text', () => {
    expect(textsOf('byte-level', 'a<|endoftext|>b')).toContain('<|endoftext|>');
    expect(textsOf('word-piece', 'the [MASK] dog').slice(0, 3)).toEqual(['[CLS]', 'the', '[MASK]']);
    expect(textsOf('byte-fallback', 'the')).toEqual(['<s>', ' the']);
    expect(textsOf('unigram', 'the stream').at(-1)).toBe('</s>');
  });

  test('ids outside the vocabulary read as numbers', () => {
    expect(opened('byte-level').textsOf([0, 99_999])).toEqual(['<|endoftext|>', '99999']);
  });
});

describe('what is no tokenizer is an error', () => {
  const folder = scratchFolder();
  const errorOf = (content: string) => {
    const file = openTokenizer(folder.file('tokenizer.json', content));
    return file.ok ? 'ok' : `${file.error.code}: ${file.error.message}`;
  };

  test.each([
    ['{"model": ', /^header: .*no valid JSON/],
    ['[]', /^header: .*no JSON object/],
    ['{}', /^header: .*no model/],
    ['{"model": {"type": "Telepathy"}}', /^header: Cannot read ".*tokenizer\.json": .+\. Name the/],
  ])('%s', (content, message) => {
    expect(errorOf(content)).toMatch(message);
  });

  test('a missing file', () => {
    const file = openTokenizer('/nowhere/tokenizer.json');
    expect(file.ok ? '' : file.error.code).toBe('missing');
  });
});
