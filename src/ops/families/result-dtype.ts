import type { Dtype, Op } from '../op.ts';

/** Element type of a result, from those of the operands; `output` where the operator has several results. */
export function resultDtype(op: Op, operands: readonly Dtype[], output: string | undefined): Dtype {
  if (output !== undefined && op.integerOutputs?.includes(output)) return 'int';
  if (op.result !== 'as operand') return op.result ?? 'f32';
  return operands.every((dtype) => dtype === 'int') ? 'int' : 'f32';
}
