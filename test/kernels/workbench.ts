/** Puts tensors into the memory of the kernels, runs instructions on one and on two threads, and compares. */
import { afterAll, expect } from 'vitest';
import {
  type Address,
  encode,
  type Instruction,
  type Kernels,
  openKernels,
  packedLength,
  variantNames,
} from '../../src/kernels/index.ts';
import { interpret } from './interpret.ts';

export interface Workbench {
  readonly kernels: Kernels;
  /** Puts numbers at a multiple of 16. */
  place(values: ArrayLike<number>): Address;
  /** Puts numbers of 16 bits there. */
  placeHalves(values: ArrayLike<number>): Address;
  /** Room for so many numbers, NaN until something writes them. */
  room(count: number): Address;
  read(at: Address, count: number): Float32Array;
  /**
   * Runs instructions on one and on two threads: the whole heap must hold the same bits, and every number of it what
   * `interpret` gives, within `tolerance` of `size` or of its own size. Then all tensors are forgotten.
   */
  check(instructions: readonly Instruction[], tolerance: number, size?: number): Promise<void>;
}

/** One per variant that this V8 accepts. */
export async function openWorkbenches(): Promise<readonly Workbench[]> {
  const opened = await Promise.all(
    variantNames.map((variant) => openKernels({ threads: 2, variant })),
  );
  const kernels = opened
    .filter((each) => each.available)
    .filter(({ variant }, at) => variant === variantNames[at]);
  afterAll(async () => {
    for (const each of kernels) await each.close();
  });
  expect(kernels.map(({ variant }) => variant)).toContain('mul-add-4x8');
  return kernels.map(workbenchOn);
}

function workbenchOn(kernels: Kernels): Workbench {
  let top = kernels.heapStart;
  const take = (bytes: number): Address => {
    const at = top;
    // A gap, to see that nothing is written behind an end.
    top += Math.ceil((bytes + 16) / 16) * 16;
    expect(kernels.reserve(top)).toBe(true);
    return at;
  };
  const read = (at: Address, count: number) => new Float32Array(kernels.memory.buffer, at, count);
  const heap = () => read(kernels.heapStart, (top - kernels.heapStart) / 4);
  return {
    kernels,
    place: (values) => {
      const at = take(values.length * 4);
      read(at, values.length).set(values);
      return at;
    },
    placeHalves: (values) => {
      const at = take(values.length * 2);
      new Uint16Array(kernels.memory.buffer, at, values.length).set(values);
      return at;
    },
    room: (count) => {
      const at = take(count * 4);
      read(at, count).fill(Number.NaN);
      return at;
    },
    read,
    check: async (instructions, tolerance, size = 1) => {
      const before = heap().slice();
      const image = { values: before.slice(), start: kernels.heapStart };
      const panel = packedLength(1, 1, kernels.variant);
      for (const instruction of instructions) interpret(instruction, image, panel);
      const tape = encode(instructions);
      const results: Float32Array[] = [];
      for (const threads of [1, 2]) {
        heap().set(before);
        expect(await kernels.run(tape, { threads })).toBe(instructions.length);
        results.push(heap().slice());
      }
      const [one, two] = results as [Float32Array, Float32Array];
      expectSameBits(two, one);
      expectClose(one, image.values, (wanted) => tolerance * Math.max(size, Math.abs(wanted)));
      heap().fill(0);
      top = kernels.heapStart;
    },
  };
}

function expectSameBits(actual: Float32Array, expected: Float32Array): void {
  const [a, b] = [actual, expected].map(({ buffer }) => Buffer.from(buffer));
  expect(a?.equals(b as Buffer), 'the same bits on two threads').toBe(true);
}

function expectClose(
  actual: Float32Array,
  expected: Float32Array,
  tolerance: (wanted: number) => number,
): void {
  for (const [at, wanted] of expected.entries()) {
    const got = actual[at] as number;
    const same = got === wanted || Object.is(got, wanted);
    if (same || Math.abs(got - wanted) <= tolerance(wanted)) continue;
    expect.fail(`Number ${at} is ${got}, not ${wanted}.`);
  }
}

/** Numbers that look random and are the same in every run, -1 to 1. */
export function numbers(count: number, seed: number): Float32Array {
  let state = seed * 2654435761 + 12345;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** The strides of a tensor whose numbers lie side by side. */
export function dense(shape: readonly number[]): number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
}
