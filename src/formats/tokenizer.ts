/** `tokenizer.json` files of Hugging Face's tokenizers: text to token ids, and the text that every token stands for. */

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { t } from '@vscode/l10n';
import { fileLength } from './file-blocks.ts';
import { type FormatError, quoted, readError } from './format-error.ts';
import { fail, type Result, succeed } from './result.ts';

export interface TokenizedText {
  readonly ids: readonly number[];
  /** What each token reads as; special tokens by their names. */
  readonly texts: readonly string[];
}

export interface TextTokenizer {
  /**
   * Special tokens in the text are recognised, and those that the tokenizer puts around every text (`[CLS]`,
   * `<|begin_of_text|>`) are there, as in transformers. Errors: `name` for text that the vocabulary has no token for.
   */
  readonly encode: (text: string) => Result<TokenizedText, FormatError>;
  /** Of an id outside the vocabulary the number. */
  readonly textsOf: (ids: readonly number[]) => readonly string[];
}

/** Vocabularies of a quarter of a million tokens with their merges have some 30 MB. */
const sizeLimit = 512 * 1024 * 1024;

/**
 * Opens a tokenizer and, where it is there, `tokenizer_config.json` beside it.
 * Errors: `missing`, `unreadable`, and `header` for what is no tokenizer, or one with parts that are not known.
 */
export function openTokenizer(path: string): Result<TextTokenizer, FormatError> {
  const file = readJson(path);
  if (!file.ok) return file;
  const config = readJson(join(dirname(path), 'tokenizer_config.json'));
  if (!config.ok && config.error.code !== 'missing') return config;
  const parts = file.value;
  if (!isObject(parts['model'])) return fail(notTokenizer(path, t`it has no model`));
  try {
    const tokenizer = new Tokenizer(parts, config.ok ? config.value : {});
    const spell = spellingOf(parts);
    const special = new Set(
      [...tokenizer.get_added_tokens_decoder().values()].map(({ content }) => content),
    );
    const textOf = (id: number) => {
      const token = tokenizer.id_to_token(id);
      if (token === undefined) return String(id);
      return special.has(token) ? token : spell(token);
    };
    return succeed({
      encode: (text) => encoded(path, tokenizer, text, textOf),
      textsOf: (ids) => ids.map(textOf),
    });
  } catch (cause) {
    return fail(notTokenizer(path, reasonOf(cause)));
  }
}

function encoded(
  path: string,
  tokenizer: Tokenizer,
  text: string,
  textOf: (id: number) => string,
): Result<TokenizedText, FormatError> {
  try {
    const { ids } = tokenizer.encode(text);
    if (ids.every(Number.isSafeInteger)) return succeed({ ids, texts: ids.map(textOf) });
    const found = t`${quoted(text)} has parts that its vocabulary has no token for`;
    return fail(readError('name', path, found, t`Write token ids, [464, 2068].`));
  } catch (cause) {
    return fail(notTokenizer(path, reasonOf(cause)));
  }
}

/** How the vocabulary spells text: bytes as letters (GPT-2), spaces as ▁ (SentencePiece), or plainly. */
function spellingOf(parts: Readonly<Record<string, unknown>>): (token: string) => string {
  const settings = JSON.stringify([parts['pre_tokenizer'], parts['decoder']] satisfies unknown[]);
  if (settings.includes('"ByteLevel"')) return bytesSpelt;
  if (settings.includes('"Metaspace"') || settings.includes('▁')) {
    return (token) => token.replaceAll('▁', ' ');
  }
  return (token) => token;
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/** A token may be a part of a letter: its bytes are then written as `\xe2\x82`. */
function bytesSpelt(token: string): string {
  const bytes = Array.from(token, (letter) => byteOfLetter.get(letter));
  if (bytes.includes(undefined)) return token;
  const known = Uint8Array.from(bytes, (byte) => byte ?? 0);
  try {
    return decoder.decode(known);
  } catch {
    // No whole letter: shown byte by byte.
    return Array.from(known, (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
  }
}

/** GPT-2's alphabet: printable bytes of Latin-1 stand for themselves, the others follow from U+0100 on. */
const byteOfLetter = letters();

function letters(): ReadonlyMap<string, number> {
  const isPrintable = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xff && byte !== 0xad);
  let next = 0x100;
  const pairs = Array.from({ length: 256 }, (_, byte): [string, number] => [
    String.fromCodePoint(isPrintable(byte) ? byte : next++),
    byte,
  ]);
  return new Map(pairs);
}

function readJson(path: string): Result<Readonly<Record<string, unknown>>, FormatError> {
  const size = fileLength(path);
  if (!size.ok) return size;
  if (size.value > sizeLimit) return fail(notTokenizer(path, t`it has ${size.value} bytes`));
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isObject(value) ? succeed(value) : fail(notTokenizer(path, t`it is no JSON object`));
  } catch (cause) {
    return fail(notTokenizer(path, t`it is no valid JSON (${quoted(reasonOf(cause))})`));
  }
}

function notTokenizer(path: string, found: string): FormatError {
  const wayOut = t`Name the tokenizer.json that Hugging Face tokenizers saves for the model.`;
  return readError('header', path, found, wayOut);
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
