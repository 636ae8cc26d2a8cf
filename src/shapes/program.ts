/**
 * The checked program: names resolved, arguments matched to parameters, defaults filled in, lengths as dims.
 * What the graph is built from. It knows nothing of the text but ranges.
 */
import type { Dim, Shape } from '../dims/index.ts';
import type { Dtype, Op, Source } from '../ops/index.ts';
import type { Diagnostic, SourceRange } from './diagnostic.ts';

export interface CheckedProgram {
  readonly uri: string;
  readonly dims: ReadonlyMap<string, DimDeclaration>;
  readonly conditions: readonly DimCondition[];
  /** Every block that a call in this program can reach, by key. */
  readonly blocks: ReadonlyMap<string, CheckedBlock>;
  /** Key of each block by the name that this file has for it. */
  readonly named: ReadonlyMap<string, string>;
  readonly models: ReadonlyMap<string, CheckedBlock>;
  readonly runs: readonly CheckedRun[];
  readonly weights: ReadonlyMap<string, CheckedWeights>;
  readonly facts: readonly NameFact[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface DimDeclaration {
  readonly name: string;
  readonly source: SourceRange;
  /** A plain value, a definition over other dims, or neither: free. */
  readonly value: number | undefined;
  readonly definition: Dim | undefined;
  readonly doc: string | undefined;
}

/** `where heads * 64 == d`. */
export interface DimCondition {
  readonly left: Dim;
  readonly operator: '==' | '!=' | '<' | '<=' | '>' | '>=';
  readonly right: Dim;
  readonly source: SourceRange;
  readonly text: string;
}

/** Blocks of different files may have the same name; their keys differ. */
export function blockKey(uri: string, name: string): string {
  return `${uri}#${name}`;
}

/** A block, or a model: a block without parameters. */
export interface CheckedBlock {
  readonly kind: 'block' | 'model';
  readonly key: string;
  readonly name: string;
  readonly uri: string;
  readonly doc: string | undefined;
  readonly source: SourceRange;
  /** The whole declaration. */
  readonly extent: SourceRange;
  readonly parameters: readonly BlockParameter[];
  readonly generics: readonly string[];
  readonly result: TensorType | undefined;
  /** The header as written. */
  readonly signature: string;
  readonly body: readonly Statement[];
}

export interface TensorType {
  readonly shape: Shape;
  readonly dtype: Dtype;
}

export type ParameterKind = 'tensor' | 'dim' | 'number' | 'string' | 'bool' | 'fn';

export interface BlockParameter {
  readonly name: string;
  readonly kind: ParameterKind;
  readonly optional: boolean;
  /** For a tensor. */
  readonly type: TensorType | undefined;
  /** Evaluated in the scope of the call, after the parameters before it. */
  readonly initial: Expression | undefined;
  /** Takes any number of arguments (operators only). */
  readonly variadic: boolean;
  readonly source: SourceRange;
}

// ---------------------------------------------------------------- statements

interface Sourced {
  readonly source: SourceRange;
}

/** Statements carry the symbolic type of what they assign, as far as it is known. */
export type Statement =
  | ParamStatement
  | InputStatement
  | AssignStatement
  | WriteStatement
  | RepeatStatement
  | IfStatement
  | ResultStatement;

export interface ParamStatement extends Sourced {
  readonly kind: 'param';
  readonly name: string;
  readonly nameSource: SourceRange;
  readonly type: TensorType;
  readonly initial: InitialValue;
}

export interface InputStatement extends Sourced {
  readonly kind: 'input';
  readonly name: string;
  readonly nameSource: SourceRange;
  readonly type: TensorType;
  readonly initial: InitialValue | undefined;
}

export interface AssignStatement extends Sourced {
  readonly kind: 'assign';
  readonly targets: readonly AssignTarget[];
  readonly declared: TensorType | undefined;
  readonly value: Expression;
}

export interface AssignTarget extends Sourced {
  readonly name: string;
}

/** `x += value`. */
export interface WriteStatement extends Sourced {
  readonly kind: 'write';
  readonly target: AssignTarget;
  /** `x + value`. */
  readonly sum: Expression;
  readonly value: Expression;
}

export interface RepeatStatement extends Sourced {
  readonly kind: 'repeat';
  readonly count: Dim;
  readonly countSource: SourceRange;
  readonly label: string | undefined;
  readonly shared: boolean;
  readonly body: readonly Statement[];
  /** Names assigned in the body that exist outside. */
  readonly carried: readonly string[];
}

export interface IfStatement extends Sourced {
  readonly kind: 'if';
  readonly condition: Expression;
  readonly then: readonly Statement[];
  readonly otherwise: readonly Statement[];
}

/** `return e` of a block, `output name = e` of a model. */
export interface ResultStatement extends Sourced {
  readonly kind: 'return' | 'output';
  readonly name: string | undefined;
  readonly nameSource: SourceRange;
  readonly declared: TensorType | undefined;
  readonly value: Expression;
}

export type InitialValue =
  | { readonly kind: 'literal'; readonly literal: TensorLiteral }
  | {
      readonly kind: 'source';
      readonly source: Source;
      readonly arguments: ReadonlyMap<string, Expression>;
      readonly place: SourceRange;
    }
  | {
      readonly kind: 'file';
      readonly file: string;
      readonly tensor: string | undefined;
      readonly place: SourceRange;
    }
  | { readonly kind: 'broken' };

export interface TensorLiteral {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

// ---------------------------------------------------------------- expressions

export type Expression =
  | NumberExpression
  | DimExpression
  | StaticExpression
  | LiteralExpression
  | LocalExpression
  | ApplyExpression
  | CallExpression
  | FunctionExpression
  | FunctionCallExpression
  | SameExpression
  | OutputExpression
  | SourceExpression
  | PathExpression
  | BrokenExpression;

export interface NumberExpression extends Sourced {
  readonly kind: 'number';
  readonly value: number;
}

/** A dim, or exact arithmetic of dims where a length is expected. */
export interface DimExpression extends Sourced {
  readonly kind: 'dim';
  readonly dim: Dim;
}

export interface StaticExpression extends Sourced {
  readonly kind: 'static';
  readonly value: boolean | string | null;
}

export interface LiteralExpression extends Sourced {
  readonly kind: 'literal';
  readonly literal: TensorLiteral;
}

/** A value, or a static parameter of the block, by name. */
export interface LocalExpression extends Sourced {
  readonly kind: 'local';
  readonly name: string;
}

/** An operator. */
export interface ApplyExpression extends Sourced {
  readonly kind: 'apply';
  readonly op: Op;
  readonly operands: readonly { readonly name: string; readonly value: Expression }[];
  readonly attributes: readonly { readonly name: string; readonly value: AttributeExpression }[];
  readonly rest: readonly { readonly name: string | undefined; readonly value: Dim }[];
  /** Which result; undefined for the first, or for all of them where they are destructured. */
  readonly output: string | undefined;
}

export type AttributeExpression = Expression | SliceExpression;

/** The items between the brackets of `x[…]`. */
export interface SliceExpression {
  readonly kind: 'slice';
  readonly items: readonly SliceItemExpression[];
}

export type SliceItemExpression =
  | {
      readonly kind: 'range';
      readonly start: Dim | undefined;
      readonly stop: Dim | undefined;
      readonly source: SourceRange;
    }
  | { readonly kind: 'at'; readonly index: Dim; readonly source: SourceRange }
  | { readonly kind: 'new axis'; readonly source: SourceRange }
  | { readonly kind: 'ellipsis'; readonly source: SourceRange };

/** A call of a block. */
export interface CallExpression extends Sourced {
  readonly kind: 'call';
  /** Key of the block, see `blockKey`. */
  readonly block: string;
  /** By parameter; those left out take their default. */
  readonly arguments: ReadonlyMap<string, Expression>;
  readonly label: CallLabel;
}

/** `explicit`: after `as`; `variable`: of the assignment whose whole right side it is; else the block's name. */
export interface CallLabel {
  readonly kind: 'explicit' | 'variable' | 'block';
  readonly name: string;
  readonly source: SourceRange;
}

/** A function as an argument: `activation: relu`. */
export interface FunctionExpression extends Sourced {
  readonly kind: 'function';
  readonly target: FunctionTarget;
}

/** An elementwise operator, a block of one tensor, or a function parameter that is passed on. */
export type FunctionTarget =
  | { readonly kind: 'operator'; readonly op: Op }
  | { readonly kind: 'block'; readonly key: string }
  | { readonly kind: 'parameter'; readonly name: string };

/** A call of a function parameter: `activation(pre)`. */
export interface FunctionCallExpression extends Sourced {
  readonly kind: 'function call';
  readonly parameter: string;
  readonly argument: Expression;
  readonly label: CallLabel;
}

/** `window != none`, `style == "half"`: equality of static values. */
export interface SameExpression extends Sourced {
  readonly kind: 'same';
  readonly left: Expression;
  readonly right: Expression;
  readonly negated: boolean;
}

/** `t.indices`: another result of the operator that made a value. */
export interface OutputExpression extends Sourced {
  readonly kind: 'output';
  readonly value: Expression;
  readonly output: string;
}

/** `normal(seed: 3)` or `"x.npy"` where a value is needed; its shape comes from where it stands. */
export interface SourceExpression extends Sourced {
  readonly kind: 'source';
  readonly initial: InitialValue;
}

/** In runs: a value of this run's trace, or of another run's. */
export interface PathExpression extends Sourced {
  readonly kind: 'path';
  readonly run: string | undefined;
  readonly path: string;
  /** What the name means where no path has it. */
  readonly dim: Dim | undefined;
}

/** Reported already. */
export interface BrokenExpression extends Sourced {
  readonly kind: 'broken';
}

// ---------------------------------------------------------------- runs

export interface CheckedRun {
  readonly name: string;
  readonly source: SourceRange;
  readonly extent: SourceRange;
  /** The model or block it runs. */
  readonly target: string;
  readonly targetSource: SourceRange;
  readonly family: boolean;
  readonly dims: ReadonlyMap<string, { readonly value: number; readonly source: SourceRange }>;
  readonly seed: number;
  readonly backend: 'auto' | 'gpu' | 'cpu';
  /** Inputs and block arguments by name. */
  readonly settings: readonly RunSetting[];
  readonly weights: RunWeights | undefined;
  readonly tokenizer: string | undefined;
  readonly patches: readonly Patch[];
  readonly expectations: readonly Expectation[];
  /** Runs whose values the patches and expectations use. */
  readonly uses: readonly string[];
  /** What the run says and this version cannot do. */
  readonly unavailable: readonly SourceRange[];
}

export interface RunSetting {
  readonly name: string;
  readonly nameSource: SourceRange;
  readonly value: Expression;
}

export type RunWeights =
  | { readonly kind: 'file'; readonly file: string; readonly source: SourceRange }
  | { readonly kind: 'mapping'; readonly name: string; readonly source: SourceRange };

export interface Patch extends Sourced {
  /** With `*` for every copy. */
  readonly path: string;
  readonly pathSource: SourceRange;
  /** The part that is replaced; undefined for all of it. */
  readonly slice: SliceExpression | undefined;
  readonly value: Expression;
}

export type Expectation =
  | {
      readonly kind: 'shape';
      readonly value: Expression;
      readonly type: TensorType;
      readonly source: SourceRange;
      readonly text: string;
    }
  | {
      readonly kind: 'value';
      readonly left: Expression;
      readonly operator: '~' | '<' | '<=' | '>' | '>=' | '==' | '!=';
      readonly right: Expression;
      readonly tolerance: number;
      readonly source: SourceRange;
      readonly text: string;
    };

/** A mapping of weights. */
export interface CheckedWeights {
  readonly name: string;
  readonly source: SourceRange;
  readonly file: string;
  readonly fileSource: SourceRange;
  readonly mappings: readonly WeightMapping[];
}

export interface WeightMapping extends Sourced {
  /** The parameter's path, with `*` for indices. */
  readonly path: string;
  readonly pathSource: SourceRange;
  /** The tensor's name in the file, with `*`. */
  readonly tensor: string;
  readonly tensorSource: SourceRange;
  /** Applied in order. */
  readonly steps: readonly (
    | { readonly kind: 'transpose' }
    | { readonly kind: 'slice'; readonly slice: SliceExpression }
  )[];
}

// ---------------------------------------------------------------- for the editor

/** A name in the text and what it stands for: what hover, go to definition and highlighting read. */
export interface NameFact {
  readonly source: SourceRange;
  readonly name: string;
  readonly kind: 'dim' | 'value' | 'parameter' | 'argument' | 'block' | 'operator' | 'model' | 'run';
  readonly type: TensorType | undefined;
  readonly dim: Dim | undefined;
  /** `param W: [d, k]`, `block FFN(…) -> […]`, as written. */
  readonly declaration: string;
  readonly doc: string | undefined;
  readonly definition: SourceRange | undefined;
}
