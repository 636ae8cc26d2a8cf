/** One operator node as the records see it. */
import type { OperatorNode } from '../graph/index.ts';
import { OpFault } from '../ops/index.ts';
import { RunFault } from './backend.ts';

export { nodeCall } from '../graph/index.ts';

/** Number of values of a tensor; a tensor without axes holds one. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((count, length) => count * length, 1);
}

/** An operator's fault becomes the run's, at the node. */
export function withFaults<Result>(node: OperatorNode, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (error instanceof OpFault) throw new RunFault(node.id, error.message, { cause: error });
    throw error;
  }
}
