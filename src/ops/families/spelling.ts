/** How a quick fix writes operators, so that their names stay in this folder. */

/** A product of queries and keys divided by √length. */
export function overRoot(length: string): string {
  return ` / sqrt(${length})`;
}

/** Scores without the keys after the query. */
export const causallyMasked = { before: 'causal_mask(', after: ')' } as const;
