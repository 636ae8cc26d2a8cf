/**
 * The operator record: everything TBlock knows about one operator, in one place.
 * Checker, lowering, backends, exporters, tests and reference page are loops over these records.
 */
import type { Dim, Shape } from '../dims/index.ts';
import type { FlowRule } from './families/flow.ts';
import type { Form } from './form.ts';

/** One operator. `signature` is a block header of the language, e.g. `softmax(x: [...], axis: number = -1) -> [...]`. */
export interface Op {
  readonly name: string;
  /** One sentence. */
  readonly doc: string;
  /**
   * In the language itself. Parameters of a tensor type are operands, all others are static attributes.
   * `...parts: [...]` takes any number of operands, `...sizes: dim` any further dims, named (`h: heads`) or not.
   */
  readonly signature: string;
  /** How the operator is written where it is not called by name. */
  readonly notation?: Notation;
  /** What analyses of the graph need to know of it: residual streams, attention patterns, norms. */
  readonly role?: Role;
  /** How indices travel through it; analyses that need to know say nothing where it is left out. */
  readonly flow?: FlowRule;
  /**
   * Floating-point operations per combination of indices of all its axes: 1 unless said, 2 for a product that sums
   * (multiply and add), 0 for what only moves values.
   */
  readonly operations?: number;
  /** Only where the signature cannot say the result's shape. */
  readonly shape?: ShapeRule;
  /** Element type of the result; `f32` unless said. */
  readonly result?: Dtype | 'as operand';
  /**
   * Where there are several results: their names (`top_k(x, k).indices`; the first is the default), or the attribute
   * that says how many (`a, b = split(x, 2)`; their names are then 0, 1, …).
   */
  readonly outputs?: readonly string[] | { readonly count: string };
  /** Those of the results that are integers whatever the operands are. */
  readonly integerOutputs?: readonly string[];
  /** What it means: plain float64 loops. */
  readonly reference: Reference;
  /** What gpu.js runs. */
  readonly gpu: GpuPlan;
  /** The same for tuned kernels; where there is none they leave the operator to the reference. */
  readonly form?: FormOf;
  /** Looks at the values of some operands before the kernels run: what a plan cannot see to be wrong. */
  readonly guard?: Guard;
  /** The vector-Jacobian product as statements of the language over the operands, `y` and `dy`; or why there is none. */
  readonly vjp: string | { readonly none: string };
  /** The same in PyTorch: a Python expression with `{operand}` and `{attribute}` in braces. */
  readonly torch: string;
  /** The ONNX operator of the same meaning, or what it is composed of. */
  readonly onnx: string;
  /** Largest |difference| between a float32 backend and PyTorch's float64, relative to max(1, |value|). */
  readonly tolerance: number;
  readonly examples: readonly Example[];
}

/**
 * `binary`: between its operands; `prefix`: before; `member`: after a dot; `index`: in brackets after its operand;
 * `internal`: made by the language itself. An operator with a notation is written so and never called by name.
 */
export type Notation =
  | { readonly kind: 'binary'; readonly symbol: string }
  | { readonly kind: 'prefix'; readonly symbol: string }
  | { readonly kind: 'member'; readonly symbol: string }
  | { readonly kind: 'index'; readonly by: 'slices' | 'tensor' }
  | { readonly kind: 'internal'; readonly purpose: 'patch' };

export type Role =
  | 'addition'
  | 'softmax'
  | 'matrix product'
  | 'reduction'
  /** Multiplies or divides, index by index. */
  | 'scaling'
  /** Axes in another order or grouping, by a pattern. */
  | 'rearrangement';

export type Dtype = 'f32' | 'int';

/** A static argument when the program is checked: lengths may still be symbolic. */
export type Attribute = null | boolean | number | string | Dim | readonly SliceItem[];

/** The same when the operator runs. */
export type AttributeValue = null | boolean | number | string | readonly SliceValue[];

/** One item between the brackets of `x[…]`, as far as an operand has axes: `...` is already expanded. */
export type SliceItem =
  | { readonly kind: 'range'; readonly start: Dim; readonly stop: Dim }
  | { readonly kind: 'at'; readonly index: Dim }
  | { readonly kind: 'new axis' };

export type SliceValue =
  | { readonly kind: 'range'; readonly start: number; readonly stop: number }
  | { readonly kind: 'at'; readonly index: number }
  | { readonly kind: 'new axis' };

/** Computes the result's shape; problems go to the call, which knows the source and stops the rule where it must. */
export type ShapeRule = (call: ShapeCall) => Shape;

/** One application of an operator, as its shape rule sees it. */
export interface ShapeCall {
  /** The operand's shape. */
  readonly input: (name: string) => Shape;
  /** Undefined where an optional operand was left out. */
  readonly optional: (name: string) => Shape | undefined;
  /** All operands of a variadic parameter. */
  readonly all: (name: string) => readonly Shape[];
  readonly attribute: (name: string) => Attribute;
  /** An attribute that must be a whole number known now. */
  readonly integer: (name: string) => number;
  readonly text: (name: string) => string;
  /** An attribute that is a length. */
  readonly dim: (name: string) => Dim;
  /** What `...sizes: dim` took. */
  readonly rest: readonly RestDim<Dim>[];
  /** Demands that two axes agree; returns the one to go on with. Disagreement is reported with both places. */
  readonly agree: (a: AxisPlace, b: AxisPlace) => Dim;
  /** Demands a condition between lengths that are not operands' axes, e.g. a slice's bound within its axis. */
  readonly within: (bound: Dim, limit: Dim, what: string) => void;
  /** Demands that two lengths agree that are not both axes of operands: `what` is a, where `other` has b. */
  readonly same: (a: Dim, b: Dim, what: string, other: string) => void;
  /** The exact quotient; where `b` does not divide `a` for the current values this is reported. */
  readonly divide: (a: Dim, b: Dim, what: string) => Dim;
  /** Ends the rule with a message; `operand` is where it is shown (the whole call where absent). */
  readonly fail: (problem: RuleProblem) => never;
  /** For an operator with several results: which one. */
  readonly output: string | undefined;
}

export interface RestDim<Length> {
  readonly name: string | undefined;
  readonly value: Length;
}

/** An axis of an operand; `axis` counts from 0, negative from the end. */
export interface AxisPlace {
  readonly operand: string;
  /** Which one of a variadic parameter's operands. */
  readonly part?: number;
  readonly axis: number;
}

export type RuleProblemKind = 'rank' | 'axis' | 'pattern' | 'argument' | 'undecided';

export interface RuleProblem {
  readonly kind: RuleProblemKind;
  readonly message: string;
  readonly operand?: string;
  readonly part?: number;
}

/** A tensor in the engine process: row-major values and the length of each axis. */
export interface HostTensor {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** One application of an operator when it runs. */
export interface RunCall<Tensor> {
  readonly input: (name: string) => Tensor;
  readonly optional: (name: string) => Tensor | undefined;
  readonly all: (name: string) => readonly Tensor[];
  readonly attribute: (name: string) => AttributeValue;
  readonly number: (name: string) => number;
  readonly text: (name: string) => string;
  readonly rest: readonly RestDim<number>[];
  /** The result's axes. */
  readonly shape: readonly number[];
  readonly output: string | undefined;
}

/** Row-major values of the result. Throws OpFault for values that a user can get wrong (a token id out of range). */
export type Reference = (call: RunCall<HostTensor>) => Float64Array;

export interface Guard {
  /** The operands whose values it needs; the others have their shapes only. */
  readonly operands: readonly string[];
  /** Throws OpFault. */
  readonly check: (call: RunCall<HostTensor>) => void;
}

/** Thrown by a reference or a plan for values that only a run can know to be wrong. */
export class OpFault extends Error {
  override readonly name = 'OpFault';
}

/** What a plan knows of an operand: not its values, which may live on the device. */
export interface Operand {
  readonly shape: readonly number[];
  /** Only where they are part of the program. */
  readonly constant?: Float64Array | undefined;
}

/** The form of one application; undefined where only the reference will do. */
export type FormOf = (call: RunCall<Operand>) => Form | undefined;

/** The kernels to run in order; the last one writes the result. */
export type GpuPlan = (call: RunCall<Operand>) => readonly GpuStep[];

export interface GpuStep {
  readonly kernel: Kernel;
  readonly args: readonly KernelArgument[];
  /** Number of values the kernel writes, one per thread. */
  readonly length: number;
}

/**
 * `operand`: a resident tensor, flat; `step`: the result of an earlier step; `table`: whole numbers; `made`: values that
 * the processor makes, because it is more exact there; else a number.
 */
export type KernelArgument =
  | { readonly operand: string; readonly part?: number }
  | { readonly step: number }
  | { readonly table: readonly number[] }
  | { readonly made: MadeValues }
  | number;

export interface MadeValues {
  /** Says what they are: the same text, the same values. */
  readonly key: string;
  readonly length: number;
  readonly fill: (target: Float32Array) => void;
}

/**
 * A closed `function` that gpu.js translates: it may use only its parameters, `this.thread.x`, numbers and Math.
 * Module-level constants, so that each compiles once.
 */
export interface Kernel {
  readonly name: string;
  readonly source: (this: KernelThread, ...args: never[]) => number;
}

export interface KernelThread {
  readonly thread: { readonly x: number };
}

/** Operands by name, attributes by name, and the values expected (from PyTorch through the golden file where absent). */
export interface Example {
  readonly inputs: Readonly<Record<string, ExampleTensor | readonly ExampleTensor[]>>;
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  /** What `...sizes: dim` takes. */
  readonly rest?: readonly RestDim<number>[];
  readonly output?: string;
}

/** Nested lists as in the language, or a shape to be filled from a seed. */
export type ExampleTensor =
  | NestedNumbers
  | { readonly normal: readonly number[]; readonly seed: number };

export type NestedNumbers = number | readonly NestedNumbers[];
