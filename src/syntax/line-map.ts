export interface LinePosition {
  /** From 0. */
  readonly line: number;
  /** UTF-16 units from the start of the line, from 0. */
  readonly character: number;
}

/** Offsets in a text to lines and back. Ends of lines are `\n`, `\r\n` and `\r`. */
export class LineMap {
  private readonly starts: readonly number[];
  private readonly length: number;

  constructor(text: string) {
    const starts = [0];
    for (const end of text.matchAll(/\r\n|\n|\r/g)) {
      starts.push(end.index + end[0].length);
    }
    this.starts = starts;
    this.length = text.length;
  }

  get lineCount(): number {
    return this.starts.length;
  }

  /** Offsets outside the text count as its start or end. */
  positionAt(offset: number): LinePosition {
    const at = Math.min(Math.max(offset, 0), this.length);
    let low = 0;
    let high = this.starts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((this.starts[middle] ?? 0) <= at) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return { line: low, character: at - (this.starts[low] ?? 0) };
  }

  offsetAt({ line, character }: LinePosition): number {
    const start = this.starts[Math.max(line, 0)] ?? this.length;
    const next = this.starts[Math.max(line, 0) + 1] ?? this.length;
    return Math.min(start + Math.max(character, 0), next);
  }
}
