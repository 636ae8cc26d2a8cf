/** Which layers differ, as a condition on `layer`. */

/** The shortest of: a period with one layer that differs, a beginning or an end, a list. */
export function layerCondition(marked: readonly boolean[]): string {
  const count = marked.length;
  const first = marked.indexOf(true);
  if (first < 0) return 'layer < 0';
  const edge = marked.findIndex((each, i) => i > 0 && each !== marked[0]);
  if (edge < 0) return 'layer >= 0';
  if (marked.slice(edge).every((each) => each === marked[edge])) {
    return marked[0] === true ? `layer < ${edge}` : `layer >= ${edge}`;
  }
  for (let period = 2; period <= count / 2; period++) {
    const cycle = marked.slice(0, period);
    if (!marked.every((each, i) => each === cycle[i % period])) continue;
    const ones = cycle.filter(Boolean).length;
    if (ones === 1) return `layer % ${period} == ${cycle.indexOf(true)}`;
    if (ones === period - 1) return `layer % ${period} != ${cycle.indexOf(false)}`;
  }
  const listed = marked.flatMap((each, i) => (each ? [`layer == ${i}`] : []));
  return listed.join(' or ');
}
