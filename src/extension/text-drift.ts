/** Offsets in a text that has changed since it was run. */

/** How many letters two texts begin and end with alike. */
interface Alike {
  readonly other: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The last two that were compared: every line of a file asks about the same. */
let last: Alike | undefined;

/**
 * Where an offset of one text is in another, judged by what the two begin and end with alike; undefined inside what
 * differs, where neither text says anything about the other.
 */
export function offsetIn(other: string, text: string, offset: number): number | undefined {
  if (other === text) return offset;
  if (last?.other !== other || last.text !== text) last = compared(other, text);
  if (offset <= last.start) return offset;
  const rest = text.length - offset;
  return rest <= last.end ? other.length - rest : undefined;
}

function compared(other: string, text: string): Alike {
  const shortest = Math.min(other.length, text.length);
  let start = 0;
  while (start < shortest && other[start] === text[start]) start++;
  let end = 0;
  while (end < shortest - start && other.at(-1 - end) === text.at(-1 - end)) end++;
  return { other, text, start, end };
}
