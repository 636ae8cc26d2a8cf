export { acceptedFlags } from './accepted-flags.ts';
export { encode, rowsOf, type Tape } from './encode.ts';
export type {
  Address,
  BatchedGemm,
  Binary,
  BinaryFunction,
  Copy,
  CumulativeSum,
  Gather,
  Gemm,
  Instruction,
  Mask,
  Pack,
  Reduce,
  Reduction,
  Rope,
  Softmax,
  StoredType,
  Strided,
  Unary,
  UnaryFunction,
  Where,
} from './instruction.ts';
export {
  engineFlags,
  type KernelOptions,
  type Kernels,
  type NoKernels,
  openKernels,
} from './open-kernels.ts';
export type { RunOptions } from './runner.ts';
export { packedLength, type Variant, variantNames } from './variant.ts';
