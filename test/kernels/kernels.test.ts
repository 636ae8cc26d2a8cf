import { afterEach, describe, expect, test, vi } from 'vitest';
import { endedAt, wakeAt } from '../../src/kernels/assembly/layout.ts';
import {
  encode,
  engineFlags,
  type Instruction,
  type KernelOptions,
  type Kernels,
  openKernels,
  packedLength,
  rowsOf,
} from '../../src/kernels/index.ts';
import { numbers } from './workbench.ts';

const opened: Kernels[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

async function open(options: KernelOptions): Promise<Kernels> {
  const kernels = await openKernels(options);
  if (!kernels.available) throw new Error(kernels.reason);
  opened.push(kernels);
  return kernels;
}

/** y = x + 1 so many times, each instruction on what the one before it left. */
function additions({ heapStart }: Kernels, rows: number, columns: number, times: number) {
  const x = heapStart + 16;
  const add = {
    kind: 'binary',
    fn: 'add',
    shape: [rows, columns],
    a: { address: x, strides: [columns, 1] },
    b: { address: heapStart, strides: [0, 0] },
    y: x,
  } as const satisfies Instruction;
  return { x, instructions: Array.from({ length: times }, () => add) };
}

function prepare(kernels: Kernels, count: number): Float32Array {
  expect(kernels.reserve(kernels.heapStart + 16 + count * 4)).toBe(true);
  new Float32Array(kernels.memory.buffer, kernels.heapStart, 1)[0] = 1;
  return new Float32Array(kernels.memory.buffer, kernels.heapStart + 16, count);
}

describe('opening', () => {
  test('the fastest variant is measured, and the reason says so', async () => {
    const kernels = await open({ threads: 1 });
    expect(kernels.reason).toMatch(/is the fastest here: .+ GF\/s/);
    expect(kernels.reason).toContain(kernels.variant);
  });

  test('a variant can be asked for', async () => {
    const kernels = await open({ threads: 1, variant: 'mul-add-4x8' });
    expect(kernels.variant).toBe('mul-add-4x8');
  });

  test('without threads the calling thread runs everything, at once', async () => {
    const kernels = await open({ threads: 0, variant: 'mul-add-4x8' });
    expect(kernels.threads).toBe(1);
    const values = prepare(kernels, 6);
    const { instructions } = additions(kernels, 2, 3, 4);
    expect(kernels.run(encode(instructions), { background: true })).toBe(4);
    expect([...values]).toEqual([4, 4, 4, 4, 4, 4]);
  });

  test('the flags are for V8 and nothing else', () => {
    for (const flag of engineFlags) expect(flag).toMatch(/^--experimental-wasm-/);
  });

  test('columns are packed in whole panels', () => {
    expect(packedLength(3, 17, 'fma-6x16')).toBe(3 * 32);
    expect(packedLength(3, 17, 'fma-3x12')).toBe(3 * 24);
    expect(packedLength(0, 17, 'fma-3x12')).toBe(0);
  });
});

describe('memory', () => {
  test('grows on demand, keeps what it holds, and new memory is 0', async () => {
    const kernels = await open({ threads: 2, variant: 'mul-add-4x8' });
    const values = prepare(kernels, 4);
    values.fill(7);
    const far = kernels.heapStart + 64 * 2 ** 20;
    expect(kernels.memory.buffer.byteLength).toBeLessThan(far);
    expect(kernels.reserve(far)).toBe(true);
    expect(kernels.memory.buffer.byteLength).toBeGreaterThanOrEqual(far);
    const [x, y] = [kernels.heapStart + 16, far - 16];
    const copy = (from: number, to: number): Instruction => ({
      kind: 'copy',
      shape: [4],
      x: { address: from, strides: [1] },
      y: { address: to, strides: [1] },
    });
    const read = () => [...new Float32Array(kernels.memory.buffer, y, 4)];
    expect(read()).toEqual([0, 0, 0, 0]);
    await kernels.run(encode([copy(x, y)]));
    expect(read()).toEqual([7, 7, 7, 7]);
  });

  test('more than there can be is refused', async () => {
    const kernels = await open({ threads: 0, variant: 'mul-add-4x8' });
    expect(kernels.reserve(kernels.maximumBytes + 1)).toBe(false);
    expect(kernels.reserve(kernels.heapStart)).toBe(true);
  });
});

describe('running', () => {
  test('instructions come one after the other, also without barriers over the same rows', async () => {
    const kernels = await open({ threads: 2, variant: 'mul-add-4x8' });
    const values = prepare(kernels, 700);
    const { instructions } = additions(kernels, 7, 100, 200);
    expect(instructions.map(rowsOf)).toEqual(instructions.map(() => 7));
    const last = instructions.length - 1;
    for (const needsBarrier of [() => true, (index: number) => index === last]) {
      values.fill(0);
      expect(await kernels.run(encode(instructions, needsBarrier))).toBe(200);
      expect(values.every((value) => value === 200)).toBe(true);
    }
  });

  test('a tape longer than the room for it runs in pieces', async () => {
    const kernels = await open({ threads: 2, variant: 'mul-add-4x8' });
    const values = prepare(kernels, 2);
    const { instructions } = additions(kernels, 2, 1, 40_000);
    const tape = encode(instructions, () => false);
    expect(tape.segments.length).toBeGreaterThan(1);
    for (const threads of [1, 2]) {
      values.fill(0);
      expect(await kernels.run(tape, { threads })).toBe(40_000);
      expect([...values]).toEqual([40_000, 40_000]);
      expect(kernels.progress).toBe(40_000);
      expect(kernels.timings).toHaveLength(40_001);
      expect(kernels.timings.every((time, at, all) => at === 0 || time >= (all[at - 1] ?? 0))).toBe(
        true,
      );
    }
  });

  test('an empty tape does nothing', async () => {
    const kernels = await open({ threads: 2, variant: 'mul-add-4x8' });
    expect(await kernels.run(encode([]))).toBe(0);
  });

  test('word of the end of the run before, when it comes late, does not end a run', async () => {
    const kernels = await open({ threads: 2, variant: 'mul-add-4x8' });
    const values = prepare(kernels, 4000);
    const run = kernels.run(encode(additions(kernels, 4, 1000, 2000).instructions));
    Atomics.notify(new Int32Array(kernels.memory.buffer), endedAt / 4);
    expect(await run).toBe(2000);
    expect(values.every((value) => value === 2000)).toBe(true);
  });

  test('a worker that is woken once more than there is work does nothing', async () => {
    const kernels = await open({ threads: 2, variant: 'mul-add-4x8' });
    const values = prepare(kernels, 4);
    const tape = encode(additions(kernels, 4, 1, 3).instructions);
    await kernels.run(tape, { threads: 1, background: true });
    const words = new Int32Array(kernels.memory.buffer);
    await vi.waitUntil(() => Atomics.notify(words, wakeAt / 4) === 1);
    // It sleeps again.
    await vi.waitUntil(() => Atomics.notify(words, wakeAt / 4) === 1);
    await kernels.run(tape, { threads: 2 });
    expect([...values]).toEqual([6, 6, 6, 6]);
  });

  test('runs follow each other at once', async () => {
    const kernels = await open({ threads: 2, variant: 'mul-add-4x8' });
    const values = prepare(kernels, 4);
    const tape = encode(additions(kernels, 4, 1, 3).instructions);
    for (let i = 0; i < 200; i++) await kernels.run(tape, { threads: 1 + (i % 2) });
    expect([...values]).toEqual([600, 600, 600, 600]);
  });

  test('only one at a time', async () => {
    const kernels = await open({ threads: 2, variant: 'mul-add-4x8' });
    prepare(kernels, 4);
    const tape = encode(additions(kernels, 4, 1, 3).instructions);
    const first = kernels.run(tape);
    expect(() => kernels.run(tape, { threads: 1 })).toThrow(/another tape/);
    expect(await first).toBe(3);
  });

  test.each([1, 2])('stops in the middle, on %i workers, and can run again', async (threads) => {
    const kernels = await open({ threads: 2, variant: 'mul-add-4x8' });
    const values = prepare(kernels, 100_000);
    const { instructions } = additions(kernels, 100, 1000, 20_000);
    const run = kernels.run(encode(instructions), { threads, background: true });
    await new Promise((resolve) => setTimeout(resolve, 20));
    kernels.stop();
    const done = await run;
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(20_000);
    expect(values.every((value) => value === done)).toBe(true);
    expect(kernels.progress).toBe(done);
    expect(await kernels.run(encode(instructions.slice(0, 5)), { threads })).toBe(5);
    expect(values.every((value) => value === done + 5)).toBe(true);
  });

  test('a worker that fails ends the run, and nobody waits for it', async () => {
    const kernels = await open({ threads: 2, variant: 'mul-add-4x8' });
    const { instructions } = additions(kernels, 4, 1, 1);
    // Beyond the end of the memory.
    const x = { address: 4_000_000_000, strides: [1, 1] };
    const wrong = { ...(instructions[0] as Instruction), a: x } as Instruction;
    const tape = encode([wrong, ...instructions, ...instructions]);
    await expect(kernels.run(tape)).rejects.toThrow(/out of bounds/);
  });
});

test('a reduction of many numbers is exact to the last digits', async () => {
  const kernels = await open({ threads: 0 });
  const values = prepare(kernels, 1_000_000);
  values.set(numbers(values.length, 5).map((value) => value + 1));
  const x = kernels.heapStart + 16;
  const view = { outer: 1, length: values.length, inner: 1, x, y: kernels.heapStart };
  await kernels.run(encode([{ kind: 'reduce', fn: 'sum', ...view }]));
  const exact = values.reduce((sum, value) => sum + value, 0);
  const sum = new Float32Array(kernels.memory.buffer, kernels.heapStart, 1)[0] as number;
  expect(Math.abs(sum - exact) / exact).toBeLessThan(1e-6);
});
