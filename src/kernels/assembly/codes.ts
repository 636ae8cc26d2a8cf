/** The numbers by which a tape names what to do. AssemblyScript and TypeScript both read this file. */

export const pack = 0;
export const gemm = 1;
export const batchedGemm = 2;
export const unary = 3;
export const binary = 4;
export const where = 5;
export const copy = 6;
export const reduce = 7;
export const softmax = 8;
export const mask = 9;
export const rope = 10;
export const gather = 11;
export const cumulativeSum = 12;

export const abs = 0;
export const cos = 1;
export const exp = 2;
export const floor = 3;
export const gelu = 4;
export const geluTanh = 5;
export const log = 6;
export const negate = 7;
export const not = 8;
export const relu = 9;
export const rsqrt = 10;
export const sigmoid = 11;
export const silu = 12;
export const sin = 13;
export const softplus = 14;
export const sqrt = 15;
export const square = 16;
export const tanh = 17;

export const add = 0;
export const and = 1;
export const divide = 2;
export const equal = 3;
export const greater = 4;
export const greaterEqual = 5;
export const less = 6;
export const lessEqual = 7;
export const max = 8;
export const min = 9;
export const multiply = 10;
export const notEqual = 11;
export const or = 12;
export const pow = 13;
export const remainder = 14;
export const subtract = 15;

export const argmax = 0;
export const maximum = 1;
export const mean = 2;
export const minimum = 3;
export const norm = 4;
export const std = 5;
export const sum = 6;
export const variance = 7;

export const f32Stored = 0;
export const f16Stored = 1;
export const bf16Stored = 2;
