/** Where statements stand while they are checked. */
import type { Statement as StatementNode } from '../syntax/index.ts';
import type { TensorType } from './expression.ts';
import type { CheckedBlock, Statement } from './program.ts';
import type { BodyScope } from './scope.ts';

export interface StatementResult {
  returned: TensorType | undefined;
  ended: boolean;
}

/** Where the statements stand. */
export interface Place {
  readonly block: CheckedBlock;
  readonly body: Statement[];
  readonly result: StatementResult;
  readonly inside: 'block' | 'model' | 'nested';
  /** Statements hold statements. */
  readonly checkStatements: (
    scope: BodyScope,
    statements: readonly StatementNode[],
    place: Place,
  ) => void;
}
