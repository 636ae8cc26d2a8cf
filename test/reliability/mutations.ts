/** Inputs made from good ones: parts left out, repeated, swapped, taken from elsewhere, or replaced by awkward bytes. */
import fc from 'fast-check';

/** How an input is changed; places are shares of its length, so that they fit every input. */
export interface Mutation {
  readonly kind: 'delete' | 'repeat' | 'insert' | 'replace' | 'splice' | 'flip';
  readonly at: number;
  readonly length: number;
  readonly piece: number;
}

export interface Mutant {
  /** Index of the input that it is made from. */
  readonly seed: number;
  readonly mutations: readonly Mutation[];
}

const kinds = ['delete', 'repeat', 'insert', 'replace', 'splice', 'flip'] as const;

const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom(...kinds),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.oneof(
    fc.double({ min: 0, max: 0.02, noNaN: true }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  ),
  piece: fc.nat(1_000_000),
});

export const mutant: fc.Arbitrary<Mutant> = fc.record({
  seed: fc.nat(1_000_000),
  mutations: fc.array(mutation, { minLength: 1, maxLength: 8 }),
});

/** One mutation from numbers in [0, 1). */
export function mutationFrom(random: () => number): Mutation {
  return {
    kind: kinds[Math.floor(random() * kinds.length)] ?? 'delete',
    at: random(),
    length: random() < 0.7 ? random() * 0.02 : random(),
    piece: Math.floor(random() * 1_000_000),
  };
}

/** @param pieces what is put in: words of a language, awkward bytes of a format */
export function mutated(
  bytes: Uint8Array,
  { kind, at, length, piece }: Mutation,
  pieces: readonly Uint8Array[],
  others: readonly Uint8Array[],
): Uint8Array {
  const start = Math.floor(at * bytes.length);
  const end = Math.min(bytes.length, start + Math.max(1, Math.floor(length * bytes.length)));
  const [head, middle, tail] = [
    bytes.subarray(0, start),
    bytes.subarray(start, end),
    bytes.subarray(end),
  ];
  const word = pieces[piece % pieces.length] ?? new Uint8Array();
  const other = others[piece % others.length] ?? new Uint8Array();
  switch (kind) {
    case 'delete':
      return Buffer.concat([head, tail]);
    case 'repeat':
      // Nesting and length are where stacks and tables end.
      return Buffer.concat([head, ...Array.from({ length: 1 + (piece % 40) }, () => middle), tail]);
    case 'insert':
      return Buffer.concat([head, word, middle, tail]);
    case 'replace':
      return Buffer.concat([head, word, tail]);
    case 'splice':
      return Buffer.concat([head, other.subarray(Math.floor(at * other.length))]);
    case 'flip': {
      const copy = Uint8Array.from(bytes);
      if (copy.length > 0) copy[start % copy.length] = piece & 255;
      return copy;
    }
  }
}

/** Longer ones say nothing more, and take long. */
const longest = 60_000;

export function bytesOf(
  { seed, mutations }: Mutant,
  seeds: readonly Uint8Array[],
  pieces: readonly Uint8Array[],
): Uint8Array {
  const first = seeds[seed % seeds.length] ?? new Uint8Array();
  return mutations.reduce(
    (bytes, each) => mutated(bytes, each, pieces, seeds).subarray(0, longest),
    first,
  );
}
