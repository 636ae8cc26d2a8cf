/** The operator graph of one model with all dims known: what the engine runs. */
import type { AttributeValue, Dtype, Op, Source } from '../ops/index.ts';
import type {
  AttentionPattern,
  ExpectationResult,
  ResidualStream,
  SourceRange,
  StatementRow,
} from '../trace/index.ts';

export type NodeId = number;

/** Nodes in an order in which every operand comes before its use. */
export interface Graph {
  readonly nodes: readonly Node[];
  /** Paths of inputs, parameters and intermediates. */
  readonly values: ReadonlyMap<string, NodeId>;
  /** Where the text gives each path its name. */
  readonly sources: ReadonlyMap<string, SourceRange>;
  /** Bare names of values with several versions: `x` → `x#2`. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Parameters in the order in which they come to exist. */
  readonly parameters: readonly ParameterNode[];
  readonly inputs: readonly InputNode[];
  readonly outputs: readonly string[];
  readonly streams: readonly ResidualStream[];
  readonly patterns: readonly AttentionPattern[];
  readonly statements: readonly StatementRow[];
  readonly expectations: readonly ValueExpectation[];
  /** Expectations on shapes, known before the run. */
  readonly shapeExpectations: readonly ExpectationResult[];
  /** Single numbers that the run asks for by name. */
  readonly metrics: readonly { readonly name: string; readonly node: NodeId }[];
}

export type Node = InputNode | ParameterNode | ConstantNode | OperatorNode;

interface NodeBase {
  readonly id: NodeId;
  /** Undefined for what has no name in the program. */
  readonly path: string | undefined;
  readonly shape: readonly number[];
  /** One dim expression per axis. */
  readonly axes: readonly string[];
  readonly dtype: Dtype;
  readonly source: SourceRange;
  readonly callers: readonly SourceRange[];
}

export interface InputNode extends NodeBase {
  readonly kind: 'input';
  readonly name: string;
  readonly initial: Initial | undefined;
}

export interface ParameterNode extends NodeBase {
  readonly kind: 'parameter';
  readonly path: string;
  readonly initial: Initial;
}

/** A value known when the graph is built. */
export interface ConstantNode extends NodeBase {
  readonly kind: 'constant';
  readonly data: Float64Array;
}

export interface OperatorNode extends NodeBase {
  readonly kind: 'operator';
  readonly op: Op;
  /** In the order of the signature; a variadic parameter's name repeats. Optional operands may be absent. */
  readonly operands: readonly NodeOperand[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly rest: readonly { readonly name: string | undefined; readonly value: number }[];
  /** Which result, for an operator with several. */
  readonly output: string | undefined;
}

export interface NodeOperand {
  readonly name: string;
  readonly node: NodeId;
}

/** How a parameter or an input gets its first values. */
export type Initial =
  | { readonly kind: 'literal'; readonly shape: readonly number[]; readonly data: Float64Array }
  | {
      readonly kind: 'source';
      readonly source: Source;
      readonly arguments: Readonly<Record<string, number>>;
    }
  | {
      readonly kind: 'file';
      readonly file: string;
      readonly tensor: string | undefined;
      /** Which part along the first axis; all of it where absent. */
      readonly part?: number;
    }
  /** Text whose tokens nobody has looked up yet. */
  | { readonly kind: 'text'; readonly text: string }
  /** The value of another run of the file. */
  | { readonly kind: 'run'; readonly run: string; readonly path: string };

/** An `expect` line on values: compared elementwise after the run. */
export interface ValueExpectation {
  readonly left: NodeId;
  readonly operator: '~' | '<' | '<=' | '>' | '>=' | '==' | '!=';
  readonly right: NodeId;
  readonly tolerance: number;
  readonly source: SourceRange;
  readonly text: string;
}
