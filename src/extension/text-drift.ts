/** Offsets in a text that has changed since it was run. */

/**
 * Where an offset of one text is in another, judged by what the two begin and end with alike; undefined inside what
 * differs, where neither text says anything about the other.
 */
export function offsetIn(other: string, text: string, offset: number): number | undefined {
  if (other === text) return offset;
  const shortest = Math.min(other.length, text.length);
  let start = 0;
  while (start < shortest && other[start] === text[start]) start++;
  if (offset <= start) return offset;
  let end = 0;
  while (end < shortest - start && other.at(-1 - end) === text.at(-1 - end)) end++;
  return text.length - offset <= end ? other.length - (text.length - offset) : undefined;
}
