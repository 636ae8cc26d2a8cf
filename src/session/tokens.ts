/** Tokens of texts through tokenizer files, each opened once for as long as it stays as it is. */
import {
  type FormatError,
  fileVersion,
  openTokenizer,
  type Result,
  type TextTokenizer,
  type TokenizedText,
} from '../formats/index.ts';

interface Opened {
  readonly version: string;
  readonly tokenizer: TextTokenizer;
}

/** Vocabularies are large: the last few files that were used. */
const opened = new Map<string, Opened>();
const keptFiles = 4;

/** A text as tokens, or what token ids read as. Errors: as for `openTokenizer` and its `encode`. */
export function tokensOfFile(
  path: string,
  given: string | readonly number[],
): Result<TokenizedText, FormatError> {
  const tokenizer = tokenizerIn(path);
  if (!tokenizer.ok) return tokenizer;
  const { encode, textsOf } = tokenizer.value;
  if (typeof given === 'string') return encode(given);
  return { ok: true, value: { ids: given, texts: textsOf(given) } };
}

function tokenizerIn(path: string): Result<TextTokenizer, FormatError> {
  const version = fileVersion(path);
  const known = opened.get(path);
  if (known?.version === version) return { ok: true, value: known.tokenizer };
  const tokenizer = openTokenizer(path);
  if (!tokenizer.ok) return tokenizer;
  opened.delete(path);
  opened.set(path, { version, tokenizer: tokenizer.value });
  const [oldest] = opened.keys();
  if (opened.size > keptFiles && oldest !== undefined) opened.delete(oldest);
  return tokenizer;
}
