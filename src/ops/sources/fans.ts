/** How many values a unit of a layer reads and feeds: the last two axes of a parameter [in, out]. */
export function fansOf(shape: readonly number[]): {
  readonly fanIn: number;
  readonly fanOut: number;
} {
  const fanOut = shape.at(-1) ?? 1;
  return { fanIn: shape.at(-2) ?? fanOut, fanOut };
}
