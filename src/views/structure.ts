import type { Operation, Trace } from '../trace/index.ts';

/** The index of the operation that made a tensor; undefined where the trace does not know. */
export function operationOf(
  { madeBy, aliases }: Pick<Trace, 'madeBy' | 'aliases'>,
  path: string,
): number | undefined {
  return madeBy.get(aliases.get(path) ?? path);
}

/** The first operation with this role that reads `index` as the operand at `place`. */
export function readerOf(
  operations: readonly Operation[],
  index: number,
  role: Operation['role'],
  place: number,
): number | undefined {
  const found = operations.findIndex(
    (each) => each.role === role && each.operands[place] === index,
  );
  return found < 0 ? undefined : found;
}

/**
 * The way back from an operation to the nearest matrix product, through the operand of the same shape: how scores
 * became a pattern. The product comes first, `index` last; undefined where there is none.
 */
export function wayFromProduct(
  operations: readonly Operation[],
  index: number,
): readonly number[] | undefined {
  const way = [index];
  for (;;) {
    const [at = 0] = way;
    const operation = operations[at];
    if (operation === undefined) return undefined;
    if (operation.role === 'matrix product') return way;
    const before = operation.operands.find((operand) =>
      sameLengths(operations[operand], operation),
    );
    if (before === undefined) return undefined;
    way.unshift(before);
  }
}

function sameLengths(a: Operation | undefined, b: Operation): boolean {
  return (
    a !== undefined &&
    a.kind === 'operator' &&
    a.axes.length === b.axes.length &&
    a.axes.every(({ size }, i) => size === b.axes[i]?.size)
  );
}
