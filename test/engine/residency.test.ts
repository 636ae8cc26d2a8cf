/** What stays on a device from one run to the next, and what is given up when there is no room. */
import { expect, test } from 'vitest';
import { type KernelDevice, OutOfMemory } from '../../src/engine/backends/kernel-device.ts';
import { KernelFailure } from '../../src/engine/backends/kernel-failure.ts';
import { kernelBackend } from '../../src/engine/backends/kernels.ts';
import { processorDevice } from '../../src/engine/backends/processor-device.ts';
import { type Backend, RunStopped } from '../../src/engine/index.ts';
import { GraphBuilder, quietControl, type SmallGraph } from './small-graphs.ts';
import * as ops from './tiny-operators.ts';

test('a run that is the same uploads and computes nothing', async () => {
  const { backend, done } = watchedBackend();
  await valuesOf(backend, sumOfShifted({ x: [1, 2], by: 1 }));
  expect(done()).toEqual(['upload 2', 'upload 2', 'shift', 'add_kernel']);
  expect(await valuesOf(backend, sumOfShifted({ x: [1, 2], by: 1 }))).toEqual([12, 23]);
  expect(done()).toEqual([]);
});

test('an edit computes what it changed and what is below', async () => {
  const { backend, done } = watchedBackend();
  await valuesOf(backend, sumOfShifted({ x: [1, 2], by: 1 }));
  done();
  expect(await valuesOf(backend, sumOfShifted({ x: [1, 2], by: 5 }))).toEqual([16, 27]);
  expect(done()).toEqual(['shift', 'add_kernel']);
  expect(await valuesOf(backend, sumOfShifted({ x: [1, 2], by: 5, y: [0, 0] }))).toEqual([6, 7]);
  expect(done()).toEqual(['upload 2', 'add_kernel']);
});

test('a run says which times are those of an earlier one', async () => {
  const { backend } = watchedBackend();
  await valuesOf(backend, sumOfShifted({ x: [1, 2], by: 1 }));
  const { graph, feeds } = sumOfShifted({ x: [1, 2], by: 1, y: [0, 0] });
  const { timings } = await backend.execute(graph, feeds, quietControl());
  expect(timings.map(({ operator, reused = false }) => [operator, reused])).toEqual([
    ['tiny_shift', true],
    ['tiny_add', false],
  ]);
});

test('values stay while a run is looked at, or is the last that came to its end', async () => {
  const { backend, alive } = watchedBackend();
  const first = sumOfShifted({ x: [1, 2], by: 1 });
  const looked = await backend.execute(first.graph, first.feeds, quietControl());
  expect(alive()).toBe(4);
  await valuesOf(backend, sumOfShifted({ x: [3, 4], by: 1, y: [0, 0] }));
  expect([...(await looked.read(3))]).toEqual([12, 23]);
  expect(alive()).toBe(8);
  looked.dispose();
  expect(alive()).toBe(4);
  await expect(looked.read(3)).rejects.toThrow('The values of this run were released.');
  await backend.close();
  expect(alive()).toBe(0);
});

test('a run that the user ends leaves the values of the last one', async () => {
  const { backend, done, alive } = watchedBackend();
  await valuesOf(backend, sumOfShifted({ x: [1, 2], by: 1 }));
  done();
  const { graph, feeds } = sumOfShifted({ x: [1, 2], by: 3 });
  const abort = new AbortController();
  const run = backend.execute(graph, feeds, {
    signal: abort.signal,
    progress: () => abort.abort(),
  });
  await expect(run).rejects.toBeInstanceOf(RunStopped);
  expect(alive()).toBe(4);
  await valuesOf(backend, sumOfShifted({ x: [1, 2], by: 1 }));
  expect(done()).toEqual(['shift']);
});

test('where there is no room, what the run does not need is given up, and made again when it is asked for', async () => {
  const { backend, done } = watchedBackend({ room: 12 });
  const first = sumOfShifted({ x: [1, 2], by: 1 });
  const looked = await backend.execute(first.graph, first.feeds, quietControl());
  done();
  expect(await valuesOf(backend, sumOfShifted({ x: [3, 4], by: 1, y: [0, 0] }))).toEqual([4, 5]);
  expect(await valuesOf(backend, sumOfShifted({ x: [5, 6], by: 1, y: [1, 1] }))).toEqual([7, 8]);
  done();
  expect([...(await looked.read(3))]).toEqual([12, 23]);
  expect(done().slice(-4)).toEqual(['upload 2', 'upload 2', 'shift', 'add_kernel']);
});

test('a run that does not fit with every value drops what it has read, and makes it again when it is asked for', async () => {
  const { backend, done } = watchedBackend({ room: 8 });
  const builder = new GraphBuilder();
  let x = builder.input('x', [2], [1, 2]);
  for (let step = 0; step < 6; step++) {
    x = builder.apply(ops.shift, { x }, [2], { attributes: { by: 1 } });
  }
  const { graph, feeds } = builder.build();
  const execution = await backend.execute(graph, feeds, quietControl());
  expect([...(await execution.read(6))]).toEqual([7, 8]);
  done();
  expect([...(await execution.read(1))]).toEqual([2, 3]);
  expect(done()).toContain('shift');
  for (const id of [6, 2, 4, 3]) expect([...(await execution.read(id))]).toEqual([1 + id, 2 + id]);
});

test('a run that does not fit alone fails with a sentence', async () => {
  const { backend, alive } = watchedBackend({ room: 5 });
  const run = valuesOf(backend, sumOfShifted({ x: [1, 2], by: 1 }));
  await expect(run).rejects.toBeInstanceOf(KernelFailure);
  await expect(run).rejects.toThrow('The device has no memory left: 2 values have no room.');
  expect(alive()).toBe(0);
});

/** (x + by) + y */
function sumOfShifted({
  x,
  by,
  y = [10, 20],
}: {
  readonly x: readonly number[];
  readonly by: number;
  readonly y?: readonly number[];
}): SmallGraph {
  const builder = new GraphBuilder();
  const left = builder.input('x', [2], x);
  const right = builder.input('y', [2], y);
  const shifted = builder.apply(ops.shift, { x: left }, [2], { attributes: { by } });
  builder.apply(plainAdd, { a: shifted, b: right }, [2]);
  return builder.build();
}

/** Of two tensors of the same shape, without tables. */
const plainAdd = {
  ...ops.add,
  gpu: () => [{ kernel: addKernel, args: [{ operand: 'a' }, { operand: 'b' }], length: 2 }],
} satisfies typeof ops.add;

const addKernel = {
  name: 'add_kernel',
  source: function (
    this: { readonly thread: { readonly x: number } },
    a: ArrayLike<number>,
    b: ArrayLike<number>,
  ): number {
    return (a[this.thread.x] as number) + (b[this.thread.x] as number);
  },
};

async function valuesOf(backend: Backend, { graph, feeds }: SmallGraph): Promise<number[]> {
  const execution = await backend.execute(graph, feeds, quietControl());
  const values = [...(await execution.read(graph.nodes.length - 1))];
  execution.dispose();
  return values;
}

/** The kernels in JavaScript on a device that writes down what it does and has room for so many values. */
function watchedBackend({ room = Infinity } = {}) {
  const inner = processorDevice('cpu');
  const living = new Set<Float32Array>();
  let log: string[] = [];
  const admit = (values: Float32Array) => {
    const taken = [...living].reduce((sum, { length }) => sum + length, 0);
    if (taken + values.length > room)
      throw new OutOfMemory(`${values.length} values have no room.`);
    living.add(values);
    return values;
  };
  const device: KernelDevice<Float32Array> = {
    ...inner,
    upload: (length, fill) => {
      log.push(`upload ${length}`);
      return admit(inner.upload(length, fill));
    },
    run: async (kernel, args, length) => {
      log.push(kernel.name);
      const launched = await inner.run(kernel, args, length);
      return { ...launched, values: admit(launched.values) };
    },
    free: (values) => {
      if (!living.delete(values)) throw new Error('These values were freed before.');
    },
  };
  return {
    backend: kernelBackend(device),
    alive: () => living.size,
    /** Since it was last asked. */
    done: () => {
      const entries = log;
      log = [];
      return entries;
    },
  };
}
