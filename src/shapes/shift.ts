/** Checked data after an edit before it in the text: the same, at other places. */
import type { SourceRange } from './diagnostic.ts';

/** Where a place of the old text is in the new one. */
export type Move = (source: SourceRange) => SourceRange;

/** Parts of checked data that know nothing of the text: operators, lengths, types, literals. */
const placeless: ReadonlySet<string> = new Set([
  'op',
  'operator',
  'dim',
  'type',
  'declared',
  'result',
  'count',
  'literal',
  'numerator',
  'denominator',
  'shape',
]);

/** A copy with every place moved. */
export function shifted<T>(value: T, move: Move): T {
  return copy(value, move) as T;
}

function copy(value: unknown, move: Move): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => copy(item, move));
  if (value instanceof Map) {
    return new Map([...value].map(([key, item]) => [key, copy(item, move)]));
  }
  if (isPlace(value)) return move(value);
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    result[key] = placeless.has(key) || isRecord(key, item) ? item : copy(item, move);
  }
  return result;
}

function isPlace(value: object): value is SourceRange {
  return 'uri' in value && 'start' in value && 'end' in value;
}

/** `source` is a place, or the record of a source of values (`normal`). */
function isRecord(key: string, item: unknown): boolean {
  return key === 'source' && typeof item === 'object' && item !== null && !isPlace(item);
}
