import { beforeAll, describe, expect, test } from 'vitest';
import { type Instruction, packedLength } from '../../src/kernels/index.ts';
import { dense, numbers, openWorkbenches, type Workbench } from './workbench.ts';

let benches: readonly Workbench[];
beforeAll(async () => {
  benches = await openWorkbenches();
});

interface Product {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly bias?: boolean;
  readonly a?: (at: number) => { address: number; strides: number[] };
  readonly turned?: boolean;
}

/** A matrix packed and multiplied. */
function product(bench: Workbench, it: Product): Instruction[] {
  const { rows, inner, columns } = it;
  const length = packedLength(inner, columns, bench.kernels.variant);
  const b = bench.place(numbers(inner * columns, 2));
  const a = bench.place(numbers(rows * inner, 1));
  const bias = it.bias ? bench.place(numbers(columns, 3)) : undefined;
  const target = bench.room(length);
  const c = bench.room(rows * (columns + 3));
  const strides = it.turned ? [1, inner] : [columns, 1];
  return [
    { kind: 'pack', inner, columns, b: { address: b, strides }, stored: 'f32', target },
    {
      kind: 'gemm',
      ...{ rows, inner, columns, packed: target, bias, c, cRow: columns + 3 },
      a: it.a?.(a) ?? { address: a, strides: [inner, 1] },
    },
  ];
}

describe('gemm', () => {
  test('any rows, columns and depths, with and without a bias', async () => {
    const sizes = [0, 1, 2, 3, 4, 5, 6, 7, 11, 13, 24, 97];
    for (const [index, rows] of sizes.entries()) {
      const columns = [0, 1, 3, 8, 15, 16, 17, 33, 40, 48, 64, 7][index] as number;
      for (const inner of [0, 1, 5, 768, 1537]) {
        for (const bench of benches) {
          const bias = (rows + inner) % 2 === 0;
          await bench.check(product(bench, { rows, inner, columns, bias }), 3e-5);
        }
      }
    }
  });

  test('every pair of rows and columns around the size of a tile', async () => {
    for (const bench of benches) {
      for (let rows = 1; rows <= 13; rows++) {
        for (let columns = 1; columns <= 34; columns += 3) {
          await bench.check(product(bench, { rows, inner: 9, columns, bias: true }), 1e-5);
        }
      }
    }
  });

  test('many rows are shared instead of columns', async () => {
    for (const bench of benches) {
      await bench.check(product(bench, { rows: 401, inner: 20, columns: 24 }), 1e-5);
    }
  });

  test('a read along its columns, backwards, or the same row again and again', async () => {
    const [rows, inner] = [7, 21];
    for (const bench of benches) {
      for (const a of [
        (address: number) => ({ address, strides: [1, rows] }),
        (at: number) => ({ address: at + 4 * (rows * inner - 1), strides: [-inner, -1] }),
        (address: number) => ({ address, strides: [0, 1] }),
      ]) {
        await bench.check(product(bench, { rows, inner, columns: 19, a }), 1e-5);
      }
    }
  });

  test('b that lies along its inner axis', async () => {
    for (const bench of benches) {
      for (const [inner, columns] of [
        [1, 1],
        [7, 35],
        [400, 32],
      ] as const) {
        await bench.check(product(bench, { rows: 5, inner, columns, turned: true }), 3e-5);
      }
    }
  });
});

describe('packed halves', () => {
  test('every float16 and bfloat16 there is, subnormal, infinite and NaN ones included', async () => {
    const every = Uint16Array.from({ length: 65536 }, (_, bits) => bits);
    for (const bench of benches) {
      for (const stored of ['f16', 'bf16'] as const) {
        const [inner, columns] = [256, 256];
        const b = { address: bench.placeHalves(every), strides: [columns, 1] };
        const target = bench.room(packedLength(inner, columns, bench.kernels.variant));
        await bench.check([{ kind: 'pack', inner, columns, b, stored, target }], 0);
      }
    }
  });

  test('halves that lie along the inner axis, with columns missing in the last panel', async () => {
    const some = Uint16Array.from({ length: 39 * 53 }, (_, index) => index * 311);
    for (const bench of benches) {
      for (const stored of ['f16', 'bf16'] as const) {
        for (const [inner, columns] of [
          [5, 21],
          [39, 53],
        ] as const) {
          const b = { address: bench.placeHalves(some), strides: [1, inner] };
          const target = bench.room(packedLength(inner, columns, bench.kernels.variant));
          await bench.check([{ kind: 'pack', inner, columns, b, stored, target }], 0);
        }
      }
    }
  });
});

describe('batched gemm', () => {
  interface Batch {
    readonly batch: readonly number[];
    readonly size: readonly [rows: number, inner: number, columns: number];
    readonly causal?: number;
    readonly scale?: number;
  }

  function batched(bench: Workbench, { batch, size, causal, scale = 1 }: Batch): Instruction {
    const [rows, inner, columns] = size;
    const count = batch.reduce((a, b) => a * b, 1);
    const tensor = (shape: number[], at: number) => ({ address: at, strides: dense(shape) });
    return {
      kind: 'batched gemm',
      ...{ batch, rows, inner, columns, causal, scale },
      a: tensor([...batch, rows, inner], bench.place(numbers(count * rows * inner, 1))),
      b: tensor([...batch, inner, columns], bench.place(numbers(count * inner * columns, 2))),
      c: tensor([...batch, rows, columns], bench.room(count * rows * columns)),
    };
  }

  test('any number of matrices of any size', async () => {
    const cases: readonly Batch[] = [
      { batch: [], size: [5, 6, 7] },
      { batch: [3], size: [1, 20, 40], scale: 0.25 },
      { batch: [2, 3], size: [13, 64, 9] },
      { batch: [2, 1, 2], size: [4, 400, 17] },
      { batch: [1], size: [3, 2, 1100] },
      { batch: [0, 2], size: [3, 4, 5] },
      { batch: [2], size: [0, 4, 5] },
      { batch: [2], size: [3, 0, 5] },
      { batch: [2], size: [3, 4, 0] },
    ];
    for (const bench of benches) {
      for (const each of cases) await bench.check([batched(bench, each)], 3e-5);
    }
  });

  test('what a row may not see is -inf', async () => {
    for (const bench of benches) {
      for (const [rows, columns, causal] of [
        [17, 17, 0],
        [40, 40, 0],
        [5, 30, 25],
        [30, 5, -25],
        [9, 9, -1],
        [9, 9, -20],
        [9, 9, 20],
        [1, 16, 15],
      ] as const) {
        for (const inner of [0, 8, 400]) {
          const it = { batch: [2], size: [rows, inner, columns] as const, causal, scale: 0.5 };
          await bench.check([batched(bench, it)], 3e-5);
        }
      }
    }
  });

  test('heads side by side: q · kᵀ and pattern · v without copies, keys shared by heads', async () => {
    const [tokens, heads, width] = [11, 4, 8];
    for (const bench of benches) {
      const q = bench.place(numbers(tokens * heads * width, 1));
      const k = bench.place(numbers(tokens * 2 * width, 2));
      const c = bench.room(heads * tokens * tokens);
      const rows = { batch: [2, 2], rows: tokens, causal: 0 };
      const scores: Instruction = {
        kind: 'batched gemm',
        ...{ ...rows, inner: width, columns: tokens, scale: 0.3 },
        a: { address: q, strides: [2 * width, width, heads * width, 1] },
        b: { address: k, strides: [width, 0, 1, 2 * width] },
        c: { address: c, strides: dense([2, 2, tokens, tokens]) },
      };
      await bench.check([scores], 1e-5);
    }
  });

  test('operands that are not numbers reach the sums they belong to', async () => {
    for (const bench of benches) {
      const it = batched(bench, { batch: [1], size: [6, 3, 9] });
      expect(it.kind).toBe('batched gemm');
      if (it.kind !== 'batched gemm') continue;
      bench.read(it.a.address, 18)[4] = Number.NaN;
      bench.read(it.b.address, 27)[20] = Infinity;
      await bench.check([it], 1e-5);
    }
  });
});
