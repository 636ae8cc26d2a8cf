import type { Trace } from '../trace/index.ts';

/** What a head does, in numbers. Each is a mean over the queries. */
export interface HeadScores {
  /** Of each query's distribution, in bits. */
  readonly entropy: number;
  /** How many tokens away the attended token is. */
  readonly distance: number;
  /** The weight on the first token, the token before, and the token itself. */
  readonly first: number;
  readonly previous: number;
  readonly self: number;
  /**
   * The weight on tokens that came after an earlier occurrence of the query's own token (Olsson et al. 2022), over
   * the queries that have one; undefined where no token repeats or the tokens are not known.
   */
  readonly induction: number | undefined;
}

export const headScoreNames = [
  'entropy',
  'distance',
  'first',
  'previous',
  'self',
  'induction',
] as const satisfies readonly (keyof HeadScores)[];

/** One head's pattern, row-major queries × keys; `ids` are the tokens where they are known. */
export function headScores(
  map: ArrayLike<number>,
  size: { readonly queries: number; readonly keys: number },
  ids: ArrayLike<number> | undefined,
): HeadScores {
  const { queries, keys } = size;
  const sums = { entropy: 0, distance: 0, first: 0, previous: 0, self: 0 };
  for (let query = 0; query < queries; query++) {
    const start = query * keys;
    for (let key = 0; key < keys; key++) {
      const weight = map[start + key] ?? 0;
      if (!(weight > 0)) continue;
      sums.entropy -= weight * Math.log2(weight);
      sums.distance += weight * Math.abs(query - key);
    }
    sums.first += map[start] ?? 0;
    if (query > 0 && query <= keys) sums.previous += map[start + query - 1] ?? 0;
    if (query < keys) sums.self += map[start + query] ?? 0;
  }
  const count = Math.max(1, queries);
  return {
    entropy: sums.entropy / count,
    distance: sums.distance / count,
    first: sums.first / count,
    previous: sums.previous / Math.max(1, queries - 1),
    self: sums.self / count,
    induction: ids === undefined ? undefined : inductionScore(map, keys, ids),
  };
}

function inductionScore(
  map: ArrayLike<number>,
  keys: number,
  ids: ArrayLike<number>,
): number | undefined {
  const places = new Map<number, number[]>();
  let sum = 0;
  let repeated = 0;
  for (let query = 0; query < Math.min(ids.length, keys); query++) {
    const id = ids[query] ?? 0;
    const earlier = places.get(id) ?? [];
    if (earlier.length > 0) {
      repeated++;
      for (const place of earlier) {
        if (place + 1 < query) sum += map[query * keys + place + 1] ?? 0;
      }
    }
    places.set(id, [...earlier, query]);
  }
  return repeated === 0 ? undefined : sum / repeated;
}

/** Ids of the tokens: the integer input with one value for each position. */
export async function tokenIds(
  trace: Pick<Trace, 'tensors' | 'read'>,
  count: number,
): Promise<ArrayLike<number> | undefined> {
  const input = [...trace.tensors.values()].find(
    ({ role, dtype, axes }) => role === 'input' && dtype === 'int' && axes.at(-1)?.size === count,
  );
  const values = input && (await trace.read(input.path));
  return values?.data.subarray(0, count);
}
