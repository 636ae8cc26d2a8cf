/** Places in a memory, found when a run is planned, so that the run itself allocates nothing. */

/** Kernels read 16 bytes at once; a cache line is 64. */
const alignment = 64;

/** A place, and how many hold it. */
export interface Buffer {
  readonly address: number;
  readonly bytes: number;
  holders: number;
}

/** Addresses from `start` up to, not including, `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** First fit among the gaps; where there is none, more of the memory. Knows addresses only, not what lies there. */
export class Arena {
  readonly #more: (bytes: number) => Range | undefined;
  #gaps: Range[] = [];
  #used = 0;
  #peak = 0;

  /** @param more a further range of so many bytes; undefined where there is none */
  constructor(more: (bytes: number) => Range | undefined) {
    this.#more = more;
  }

  /** Bytes in use. */
  get used(): number {
    return this.#used;
  }

  /** The most bytes that ever were. */
  get peak(): number {
    return this.#peak;
  }

  /** Held once; undefined where there is no room. */
  allocate(wanted: number): Buffer | undefined {
    const bytes = Math.ceil(Math.max(wanted, 1) / alignment) * alignment;
    const range = this.#gaps.find(({ start, end }) => end - start >= bytes) ?? this.#grown(bytes);
    if (range === undefined) return undefined;
    const { start, end } = range;
    const rest = start + bytes < end ? [{ start: start + bytes, end }] : [];
    this.#gaps = this.#gaps.flatMap((gap) => (gap === range ? rest : [gap]));
    this.#used += bytes;
    this.#peak = Math.max(this.#peak, this.#used);
    return { address: start, bytes, holders: 1 };
  }

  /** Gives a holder's share back; the last one's frees the place. */
  release(buffer: Buffer): void {
    buffer.holders--;
    if (buffer.holders > 0) return;
    if (buffer.holders < 0) throw new Error('A buffer was released more often than held.');
    this.#used -= buffer.bytes;
    this.#addGap({ start: buffer.address, end: buffer.address + buffer.bytes });
  }

  #grown(bytes: number): Range | undefined {
    const range = this.#more(bytes);
    if (range !== undefined) this.#gaps.push(range);
    return range;
  }

  /** Neighbours become one. */
  #addGap(gap: Range): void {
    const before = this.#gaps.find(({ end }) => end === gap.start);
    const after = this.#gaps.find(({ start }) => start === gap.end);
    const joined = { start: before?.start ?? gap.start, end: after?.end ?? gap.end };
    this.#gaps = [...this.#gaps.filter((each) => each !== before && each !== after), joined];
    this.#gaps.sort((a, b) => a.start - b.start);
  }
}
