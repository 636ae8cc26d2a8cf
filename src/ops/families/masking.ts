/** Operators on attention scores [..., N, M]: query i stands at key position i + M − N. */
import type { Op } from '../op.ts';

/** Replaces scores by -inf where `hides(distance)`, the distance of a key behind its query. */
export function maskReference(
  hides: (distance: number, width: number) => boolean,
  widthOf: (number: (name: string) => number) => number,
): Op['reference'] {
  return ({ input, number }) => {
    const { data, shape } = input('scores');
    const [queries, keys] = lastTwo(shape);
    const width = widthOf(number);
    return data.map((score, at) => {
      const distance = (Math.floor(at / keys) % queries) + keys - queries - (at % keys);
      return hides(distance, width) ? -Infinity : score;
    });
  };
}

/** N and M. */
export function lastTwo(shape: readonly number[]): readonly [number, number] {
  return [shape.at(-2) ?? 1, shape.at(-1) ?? 1];
}
