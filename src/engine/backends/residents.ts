/** Values on a device under the keys of what they are: runs share them, and what is there is not made again. */
import type { Timing } from '../../trace/index.ts';

/** A tensor on a device. */
export interface Resident<Values> {
  readonly values: Values;
  /** Of the operator that made it. */
  readonly timing: Timing | undefined;
}

interface Entry<Values> extends Resident<Values> {
  readonly key: string;
  holders: number;
  /** Freed although a run holds it. */
  evicted: boolean;
}

export class Residents<Values> {
  readonly #entries = new Map<string, Entry<Values>>();
  readonly #free: (values: Values) => void;

  constructor(free: (values: Values) => void) {
    this.#free = free;
  }

  find(key: string): Entry<Values> | undefined {
    return this.#entries.get(key);
  }

  /** Where two runs made the same values at once, those that were first stay. */
  add(key: string, resident: Resident<Values>): Entry<Values> {
    const known = this.#entries.get(key);
    if (known !== undefined) {
      this.#free(resident.values);
      return known;
    }
    const entry = { ...resident, key, holders: 0, evicted: false };
    this.#entries.set(key, entry);
    return entry;
  }

  /** Frees it, whoever holds it. */
  drop(entry: Entry<Values>): void {
    if (entry.evicted) return;
    entry.evicted = true;
    this.#entries.delete(entry.key);
    this.#free(entry.values);
  }

  /** Frees everything that this run does not hold. False where there was nothing to free. */
  dropAllBut(hold: Hold<Values>): boolean {
    const others = [...this.#entries.values()].filter((entry) => !hold.holds(entry));
    for (const entry of others) this.drop(entry);
    return others.length > 0;
  }

  /** Frees everything. */
  clear(): void {
    for (const entry of [...this.#entries.values()]) this.drop(entry);
  }
}

/** What one run holds, until everyone who keeps the run has released it. */
export class Hold<Values> {
  readonly #residents: Residents<Values>;
  readonly #held = new Set<Entry<Values>>();
  /** Put here since the device last said that all is well. */
  readonly #unsettled = new Set<Entry<Values>>();
  #keepers = 1;

  constructor(residents: Residents<Values>) {
    this.#residents = residents;
  }

  find(key: string): Resident<Values> | undefined {
    const entry = this.#residents.find(key);
    return entry && this.#take(entry);
  }

  put(key: string, resident: Resident<Values>): Resident<Values> {
    const entry = this.#take(this.#residents.add(key, resident));
    this.#unsettled.add(entry);
    return entry;
  }

  holds(entry: Entry<Values>): boolean {
    return this.#held.has(entry);
  }

  /** Frees it unless another run holds it too. */
  drop(key: string): void {
    const entry = this.#residents.find(key);
    if (entry?.holders === 1 && this.#held.has(entry)) this.#residents.drop(entry);
  }

  /** Frees all that operators made. False where there was none. */
  dropComputed(): boolean {
    const computed = [...this.#held].filter(({ timing, evicted }) => timing && !evicted);
    for (const entry of computed) this.#residents.drop(entry);
    return computed.length > 0;
  }

  settle(): void {
    this.#unsettled.clear();
  }

  /** Drops what the device may have failed to compute. */
  dropUnsettled(): void {
    for (const entry of this.#unsettled) this.#residents.drop(entry);
    this.#unsettled.clear();
  }

  keep(): void {
    this.#keepers++;
  }

  release(): void {
    this.#keepers--;
    if (this.#keepers > 0) return;
    for (const entry of this.#held) {
      entry.holders--;
      if (entry.holders === 0) this.#residents.drop(entry);
    }
    this.#held.clear();
  }

  #take(entry: Entry<Values>): Entry<Values> {
    if (!this.#held.has(entry)) {
      this.#held.add(entry);
      entry.holders++;
    }
    return entry;
  }
}
