/** What runs were given, in memory: as it is, or arranged for the matrix kernel. Stays from one run to the next. */
import type { Arena, Buffer } from './arena.ts';

export interface Resident {
  readonly buffer: Buffer;
  loaded: boolean;
  /** When it was last wanted. */
  turn: number;
}

/** By a text that says what the values are and how they lie. The table holds each once; plans hold what they use. */
export class GivenValues {
  readonly #arena: Arena;
  readonly #residents = new Map<string, Resident>();
  #turn = 0;

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /** Held for the caller; undefined where there is no room. */
  hold(key: string, bytes: number): Resident | undefined {
    const known = this.#residents.get(key);
    const buffer = known?.buffer ?? this.#arena.allocate(bytes);
    if (buffer === undefined) return undefined;
    const resident = known ?? { buffer, loaded: false, turn: 0 };
    this.#residents.set(key, resident);
    buffer.holders++;
    resident.turn = ++this.#turn;
    return resident;
  }

  find(key: string): Resident | undefined {
    return this.#residents.get(key);
  }

  /** Gives the place to other values, where nobody but the caller holds it; they are to be loaded then. */
  rename(from: string, to: string): boolean {
    const resident = this.#residents.get(from);
    if (resident === undefined || resident.buffer.holders > 2 || this.#residents.has(to)) {
      return false;
    }
    this.#residents.delete(from);
    this.#residents.set(to, resident);
    resident.loaded = false;
    return true;
  }

  /** Lets go of the one that was wanted longest ago and that no plan holds; false where there is none. */
  evict(): boolean {
    const [oldest] = this.#idle();
    if (oldest === undefined) return false;
    this.#drop(oldest);
    return true;
  }

  /** Lets go of what no plan holds, the longest unwanted first, until no more than so many bytes of it are left. */
  trim(most: number): void {
    const idle = this.#idle();
    let bytes = idle.reduce((sum, [, { buffer }]) => sum + buffer.bytes, 0);
    for (const each of idle) {
      if (bytes <= most) return;
      bytes -= each[1].buffer.bytes;
      this.#drop(each);
    }
  }

  /** The longest unwanted first. */
  #idle(): readonly (readonly [string, Resident])[] {
    return [...this.#residents]
      .filter(([, { buffer }]) => buffer.holders === 1)
      .sort(([, a], [, b]) => a.turn - b.turn);
  }

  #drop([key, { buffer }]: readonly [string, Resident]): void {
    this.#residents.delete(key);
    this.#arena.release(buffer);
  }
}
