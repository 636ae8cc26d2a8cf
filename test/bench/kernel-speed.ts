/**
 * What the kernels reach of what a core can do: products of matrices per variant as a share of multiplications in
 * registers, a product with one row as a share of reading memory, and nanoseconds per element of the rest. V8's flags
 * matter: `node --experimental-wasm-revectorize test/bench/run.mjs kernels` (Node 24 on).
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
const patience = 400;

console.log(
  `Node ${process.versions.node}, V8 ${process.versions.v8}, ${process.execArgv.join(' ')}`,
);
const only = process.argv[3];
for (const variant of variantNames) {
  if (only !== undefined && variant !== only) continue;
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
await fastest.close();

async function measureProducts(kernels: Kernels): Promise<void> {
  const steps = 100_000;
  const ceiling = (64 * steps) / (await best(async () => kernels.multiplyAdds(steps))) / 1e6;
  console.log(`\n${kernels.variant}: in registers ${ceiling.toFixed(1)} GF/s on one thread`);
  for (const [name, rows, inner, columns] of products) {
    const tape = encode([product(kernels, rows, inner, columns)]);
    const speeds: number[] = [];
    for (const threads of [1, 2]) {
      const operations = 2 * rows * inner * columns;
      const time = await best(() => kernels.run(tape, { threads, background: true }));
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
        const tape = encode([instruction]);
        const time = await best(() => kernels.run(tape, { threads, background: true }));
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
    const tape = encode([instruction]);
    const time = await best(() => kernels.run(tape, { threads: 1 }));
    console.log(`${name.padStart(10)} ${((time * 1e6) / count).toFixed(2)}`);
  }
}

/** Milliseconds of the fastest of many runs: what else the machine does only ever makes one slower. */
async function best(run: () => unknown): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  const end = performance.now() + patience;
  for (let i = 0; i < repetitions || performance.now() < end; i++) {
    const start = performance.now();
    await run();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}
