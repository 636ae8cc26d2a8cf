/** All operators and all sources: plain data that every other part loops over. */
import { abs } from './abs.ts';
import { add } from './add.ts';
import { alibi } from './alibi.ts';
import { logicalAnd } from './and.ts';
import { argmax } from './argmax.ts';
import { causalMask } from './causal-mask.ts';
import { concat } from './concat.ts';
import { cos } from './cos.ts';
import { cumsum } from './cumsum.ts';
import { divide } from './divide.ts';
import { einsum } from './einsum.ts';
import { equal } from './equal.ts';
import { exp } from './exp.ts';
import { expand } from './expand.ts';
import { floor } from './floor.ts';
import { gather } from './gather.ts';
import { gelu } from './gelu.ts';
import { geluTanh } from './gelu-tanh.ts';
import { greater } from './greater.ts';
import { greaterEqual } from './greater-equal.ts';
import { less } from './less.ts';
import { lessEqual } from './less-equal.ts';
import { log } from './log.ts';
import { logSoftmax } from './log-softmax.ts';
import { matmul } from './matmul.ts';
import { max } from './max.ts';
import { mean } from './mean.ts';
import { min } from './min.ts';
import { multiply } from './multiply.ts';
import { negate } from './negate.ts';
import { norm } from './norm.ts';
import { logicalNot } from './not.ts';
import { notEqual } from './not-equal.ts';
import type { Notation, Op, Role } from './op.ts';
import { logicalOr } from './or.ts';
import { overwrite } from './overwrite.ts';
import { positions } from './positions.ts';
import { pow } from './pow.ts';
import { rearrange } from './rearrange.ts';
import { relu } from './relu.ts';
import { remainder } from './remainder.ts';
import { repeatAxis } from './repeat-axis.ts';
import { reshape } from './reshape.ts';
import { rope } from './rope.ts';
import { rsqrt } from './rsqrt.ts';
import { sigmoid } from './sigmoid.ts';
import { silu } from './silu.ts';
import { sin } from './sin.ts';
import { sinusoidal } from './sinusoidal.ts';
import { slice } from './slice.ts';
import { softmax } from './softmax.ts';
import { softplus } from './softplus.ts';
import type { Source } from './source.ts';
import { constant } from './sources/constant.ts';
import { eye } from './sources/eye.ts';
import { kaimingNormal } from './sources/kaiming-normal.ts';
import { lecunNormal } from './sources/lecun-normal.ts';
import { normal } from './sources/normal.ts';
import { numpyRand } from './sources/numpy-rand.ts';
import { ones } from './sources/ones.ts';
import { uniform } from './sources/uniform.ts';
import { xavierUniform } from './sources/xavier-uniform.ts';
import { zeros } from './sources/zeros.ts';
import { split } from './split.ts';
import { sqrt } from './sqrt.ts';
import { square } from './square.ts';
import { stack } from './stack.ts';
import { std } from './std.ts';
import { subtract } from './subtract.ts';
import { sum } from './sum.ts';
import { tanh } from './tanh.ts';
import { topK } from './top-k.ts';
import { transpose } from './transpose.ts';
import { variance } from './var.ts';
import { where } from './where.ts';
import { windowMask } from './window-mask.ts';

export type { Flow, FlowCall, FlowRule } from './families/flow.ts';
export { type Hidden, hiddenAfterBinary, hiddenAfterUnary } from './families/hidden-values.ts';
export { resultDtype } from './families/result-dtype.ts';
export { countOf, type StridedView, stridesOf, walk } from './families/row-major.ts';
export { causallyMasked, overRoot } from './families/spelling.ts';
export * from './form.ts';
export { joinOp, viewOp } from './made.ts';
export * from './op.ts';
export * from './source.ts';

/** In alphabetical order of their files. */
export const ops: readonly Op[] = [
  abs,
  add,
  alibi,
  logicalAnd,
  argmax,
  causalMask,
  concat,
  cos,
  cumsum,
  divide,
  einsum,
  equal,
  exp,
  expand,
  floor,
  gather,
  geluTanh,
  gelu,
  greaterEqual,
  greater,
  lessEqual,
  less,
  logSoftmax,
  log,
  matmul,
  max,
  mean,
  min,
  multiply,
  negate,
  norm,
  notEqual,
  logicalNot,
  logicalOr,
  overwrite,
  positions,
  pow,
  rearrange,
  relu,
  remainder,
  repeatAxis,
  reshape,
  rope,
  rsqrt,
  sigmoid,
  silu,
  sin,
  sinusoidal,
  slice,
  softmax,
  softplus,
  split,
  sqrt,
  square,
  stack,
  std,
  subtract,
  sum,
  tanh,
  topK,
  transpose,
  variance,
  where,
  windowMask,
];

/** In alphabetical order. */
export const sources: readonly Source[] = [
  constant,
  eye,
  kaimingNormal,
  lecunNormal,
  normal,
  numpyRand,
  ones,
  uniform,
  xavierUniform,
  zeros,
];

const byName = new Map(ops.map((op) => [op.name, op]));
const byNotation = new Map(
  ops.flatMap((op) => (op.notation === undefined ? [] : [[keyOf(op.notation), op] as const])),
);
const sourcesByName = new Map(sources.map((source) => [source.name, source]));

/** The operator of that name, also of those that are not called by name. */
export function opNamed(name: string): Op | undefined {
  return byName.get(name);
}

/** The operator that is written so; every notation of the grammar has one. */
export function opWritten(notation: Notation): Op {
  const op = byNotation.get(keyOf(notation));
  if (op === undefined) throw new Error(`No operator is written ${keyOf(notation)}.`);
  return op;
}

/** The first operator of that role. */
export function opInRole(role: Role): Op {
  const op = ops.find((candidate) => candidate.role === role);
  if (op === undefined) throw new Error(`No operator is a ${role}.`);
  return op;
}

/** What a parameter without an initialiser gets. */
export const parameterDefault: Source = lecunNormal;

export function sourceNamed(name: string): Source | undefined {
  return sourcesByName.get(name);
}

function keyOf(notation: Notation): string {
  switch (notation.kind) {
    case 'binary':
    case 'prefix':
    case 'member':
      return `${notation.kind} ${notation.symbol}`;
    case 'index':
      return `${notation.kind} ${notation.by}`;
    case 'internal':
      return `${notation.kind} ${notation.purpose}`;
  }
}
