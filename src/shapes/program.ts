/**
 * The checked program: names resolved, arguments matched to parameters, defaults filled in, lengths as dims.
 * What the graph is built from. It knows nothing of the text but ranges.
 */
import type { Dim } from '../dims/index.ts';
import type { CheckMemory } from './check-memory.ts';
import type { CheckedRun, CheckedWeights } from './checked-run.ts';
import type { Diagnostic, SourceRange } from './diagnostic.ts';
import type { Expression, InitialValue, Sourced, TensorType } from './expression.ts';

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
  /** For the check after an edit. */
  readonly memory: CheckMemory;
}

export interface DimDeclaration {
  readonly name: string;
  readonly source: SourceRange;
  /** The whole entry, `d_k = d / heads`. */
  readonly extent: SourceRange;
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
  /** Where the result's shape is written. */
  readonly resultSource: SourceRange | undefined;
  /** The header as written. */
  readonly signature: string;
  readonly body: readonly Statement[];
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
  /** Where `as` names it. */
  readonly labelSource: SourceRange | undefined;
  readonly shared: boolean;
  readonly body: readonly Statement[];
  /** Names assigned in the body that exist outside, at their last assignment there. */
  readonly carried: readonly AssignTarget[];
}

export interface IfStatement extends Sourced {
  readonly kind: 'if';
  readonly condition: Expression;
  readonly consequent: readonly Statement[];
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

// ---------------------------------------------------------------- for the editor

/** A name in the text and what it stands for: what hover, go to definition and highlighting read. */
export interface NameFact {
  readonly source: SourceRange;
  readonly name: string;
  readonly kind:
    | 'dim'
    | 'value'
    | 'parameter'
    | 'argument'
    | 'block'
    | 'operator'
    | 'model'
    | 'run';
  readonly type: TensorType | undefined;
  readonly dim: Dim | undefined;
  /** `param W: [d, k]`, `block FFN(…) -> […]`, as written. */
  readonly declaration: string;
  readonly doc: string | undefined;
  readonly definition: SourceRange | undefined;
}
