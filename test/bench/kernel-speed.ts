/**
 * What the kernels reach of what a core can do: products of matrices per variant as a share of multiplications in
 * registers, a product with one row as a share of reading memory, and nanoseconds per element of the rest. V8's flags
 * matter: `node --experimental-wasm-revectorize test/bench/run.mjs kernel-speed` (Node 24 on).
 */
import {
  encode,
  type Instruction,
  type Kernels,
  openKernels,
  packedLength,
  type UnaryFunction,
  variantNames,
} from '../../src/kernels/index.ts';

const products = [
  ['512³', 512, 512, 512],
  ['1024³', 1024, 1024, 1024],
  ['16', 16, 768, 3072],
  ['64', 64, 768, 3072],
  ['128', 128, 768, 3072],
  ['512', 512, 768, 3072],
] as const;
const repetitions = 25;
/** Milliseconds. */
const patience = 1000;

console.log(
  `Node ${process.versions.node}, V8 ${process.versions.v8}, ${process.execArgv.join(' ')}`,
);
const only = process.argv[process.argv.indexOf('--only') + 1];
for (const variant of variantNames) {
  if (process.argv.includes('--only') && variant !== only) continue;
  const kernels = await openKernels({ threads: 2, variant });
  if (!kernels.available || kernels.variant !== variant) continue;
  await measureProducts(kernels);
  await kernels.close();
}
const fastest = await openKernels({ threads: 2 });
if (!fastest.available) throw new Error(fastest.reason);
console.log(`\n${fastest.reason}`);
await measureRow(fastest);
await measureElements(fastest);
await measureWaking(fastest);
await fastest.close();

async function measureProducts(kernels: Kernels): Promise<void> {
  const steps = 100_000;
  const ceiling = (64 * steps) / (await best(() => kernels.multiplyAdds(steps), wall)) / 1e6;
  console.log(`\n${kernels.variant}: in registers ${ceiling.toFixed(1)} GF/s on one thread`);
  for (const [name, rows, inner, columns] of products) {
    const instruction = product(kernels, rows, inner, columns);
    const speeds: number[] = [];
    for (const threads of [1, 2]) {
      const operations = 2 * rows * inner * columns;
      const time = await bestOf(kernels, instruction, threads);
      speeds.push(operations / time / 1e6);
    }
    const [one, two] = speeds as [number, number];
    const share = `${((100 * one) / ceiling).toFixed(0)} %`.padStart(5);
    const scaling = (two / one).toFixed(2);
    console.log(
      `${name.padStart(6)} ${one.toFixed(1).padStart(7)} ${share} ${two.toFixed(1).padStart(7)}  × ${scaling}`,
    );
  }
}

function product(kernels: Kernels, rows: number, inner: number, columns: number): Instruction {
  const a = kernels.heapStart;
  const packed = a + 4 * rows * inner;
  const c = packed + 4 * packedLength(inner, columns, kernels.variant);
  fill(kernels, c + 4 * rows * columns);
  const operand = { address: a, strides: [inner, 1] };
  const size = { rows, inner, columns };
  return { kind: 'gemm', ...size, a: operand, packed, bias: undefined, c, cRow: columns };
}

/** Small numbers everywhere: sums that overflow or become subnormal would be measured instead. */
function fill(kernels: Kernels, end: number): void {
  if (!kernels.reserve(end)) throw new Error('The memory cannot grow so far.');
  const count = (end - kernels.heapStart) / 4;
  const values = new Float32Array(kernels.memory.buffer, kernels.heapStart, count);
  for (let i = 0; i < count; i++) values[i] = ((i * 7919) % 1000) / 500 - 1;
}

/** One row times a matrix larger than every cache, beside the sum of as many numbers. */
async function measureRow(kernels: Kernels): Promise<void> {
  const [inner, columns] = [4096, 12288];
  console.log('\none row × 200 MB, beside reading as much (GB/s)');
  for (const rows of [1, 2, 4]) {
    const multiply = product(kernels, rows, inner, columns);
    const bytes = 4 * packedLength(inner, columns, kernels.variant);
    const halves = { outer: 2, length: bytes / 8, inner: 1 };
    const x = kernels.heapStart;
    const sum: Instruction = { kind: 'reduce', fn: 'sum', ...halves, x, y: x };
    for (const threads of [1, 2]) {
      const speeds: string[] = [];
      for (const instruction of [multiply, sum]) {
        const time = await bestOf(kernels, instruction, threads);
        speeds.push((bytes / time / 1e6).toFixed(1).padStart(6));
      }
      console.log(`${rows} rows, ${threads} threads ${speeds.join(' ')}`);
    }
  }
}

async function measureElements(kernels: Kernels): Promise<void> {
  const [rows, columns] = [256, 1024];
  const count = rows * columns;
  const x = kernels.heapStart;
  const y = x + 4 * count;
  fill(kernels, y + 4 * count);
  const dense = { address: x, strides: [columns, 1] };
  const line = { outer: rows, length: columns, inner: 1, x, y };
  const functions: readonly UnaryFunction[] = [
    ...(['relu', 'exp', 'log', 'tanh', 'sigmoid', 'silu', 'gelu', 'gelu_tanh'] as const),
    ...(['softplus', 'sin'] as const),
  ];
  const instructions: readonly (readonly [string, Instruction])[] = [
    ...functions.map(
      (fn) => [fn, { kind: 'unary', fn, rows, columns, x, y }] as [string, Instruction],
    ),
    ['add', { kind: 'binary', fn: 'add', shape: [rows, columns], a: dense, b: dense, y }],
    ['sum', { kind: 'reduce', fn: 'sum', ...line }],
    ['variance', { kind: 'reduce', fn: 'var', ...line }],
    ['softmax', { kind: 'softmax', log: false, ...line }],
    [
      'turn',
      {
        kind: 'copy',
        shape: [columns, rows],
        x: { address: x, strides: [1, columns] },
        y: { address: y, strides: [rows, 1] },
      },
    ],
  ];
  console.log('\nnanoseconds per element on one thread');
  for (const [name, instruction] of instructions) {
    const time = await bestOf(kernels, instruction, 1);
    console.log(`${name.padStart(10)} ${((time * 1e6) / count).toFixed(2)}`);
  }
}

function wall(): number {
  return performance.now();
}

/** Of this process: what other processes take from the calling thread does not count. */
function processor(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Milliseconds of the fastest of many runs: what else the machine does only ever makes one slower. */
async function best(run: () => unknown, clock = processor): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  let repeat = 1;
  const end = performance.now() + patience;
  for (let i = 0; i < repetitions || performance.now() < end; i++) {
    const start = clock();
    for (let k = 0; k < repeat; k++) await run();
    const time = clock() - start;
    // Clocks count in microseconds, so that less than a millisecond tells little.
    if (time < 1) repeat *= 2;
    else least = Math.min(least, time / repeat);
  }
  return least;
}

/** The same for one instruction on the calling thread, or on two workers from the first's start to the last's end. */
async function bestOf(
  kernels: Kernels,
  instruction: Instruction,
  threads: number,
): Promise<number> {
  const tape = encode([instruction]);
  if (threads === 1) return best(() => kernels.run(tape, { threads }));
  let least = Number.POSITIVE_INFINITY;
  const end = performance.now() + patience;
  for (let i = 0; i < repetitions || performance.now() < end; i++) {
    await kernels.run(tape, { threads });
    const [start, stop] = kernels.timings as unknown as [number, number];
    least = Math.min(least, stop - start);
  }
  return least;
}

async function measureWaking(kernels: Kernels): Promise<void> {
  const x = kernels.heapStart;
  const instruction: Instruction = { kind: 'unary', fn: 'relu', rows: 2, columns: 1, x, y: x };
  const tape = encode([instruction]);
  const times: string[] = [];
  for (const threads of [1, 2]) {
    const time = await best(() => kernels.run(tape, { threads, background: true }), wall);
    times.push(`${(time * 1000).toFixed(0)} µs`);
  }
  console.log(`\nwaking workers and waiting for them: one ${times[0]}, two ${times[1]}`);
}
