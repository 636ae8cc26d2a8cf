/** Where kernels run and where their values live. */
import type { Kernel } from '../../ops/index.ts';
import type { AdapterReport } from '../../trace/index.ts';
import type { PlannedForm } from './through-views.ts';

/** `Values` is the device's handle of a flat tensor of at least one value. */
export interface KernelDevice<Values> {
  readonly name: 'gpu' | 'cpu';
  readonly description: string;
  readonly adapter?: AdapterReport;
  /** Bytes that one tensor can have. */
  readonly largestValue?: number;
  /** To be called before a run; a device that was lost since the last one is opened anew, without what was on it. */
  readonly open: () => Promise<'as it was' | 'new'>;
  /** Makes a tensor of values that `fill` writes, in float32; whole numbers stay exact to 2^24. */
  readonly upload: (length: number, fill: (target: Float32Array) => void) => Values;
  /** Computes `length` values, one per thread. May resolve before the device has finished. */
  readonly run: (
    kernel: Kernel,
    args: readonly KernelOperand<Values>[],
    length: number,
  ) => Promise<Launched<Values>>;
  /** Programs of the device's own, beside the kernels of the records. */
  readonly own?: OwnPrograms<Values>;
  readonly read: (values: Values) => Promise<Float32Array>;
  readonly free: (values: Values) => void;
  /** Resolves when everything asked for is computed; rejects with what went wrong on the device meanwhile. */
  readonly settle: () => Promise<void>;
  /** Where the device has a clock of its own: what is asked for from now on is added to `watch` by the next settle. */
  readonly watch?: (watch: Stopwatch) => void;
  readonly close: () => Promise<void>;
}

export interface OwnPrograms<Values> {
  readonly take: (form: PlannedForm['form']) => boolean;
  /** Of a form that they take. */
  readonly run: (
    form: PlannedForm['form'],
    operands: readonly Values[],
    length: number,
  ) => Promise<Launched<Values>>;
}

export interface Launched<Values> {
  readonly values: Values;
  readonly compileMilliseconds: number;
}

export interface Stopwatch {
  milliseconds: number;
}

/** The device has no room for a tensor. */
export class OutOfMemory extends Error {
  override readonly name = 'OutOfMemory';
}

/** A tensor on the device, one that holds whole numbers, or a number. */
export type KernelOperand<Values> =
  | {
      readonly kind: 'values' | 'table';
      readonly values: Values;
      readonly length: number;
    }
  | { readonly kind: 'number'; readonly number: number };

/** Whole numbers are passed as int32, so that arithmetic on indices stays exact; all others as float32. */
function isWhole(number: number): boolean {
  return Number.isInteger(number) && Math.abs(number) <= 0x7fff_ffff && !Object.is(number, -0);
}

/** gpu.js's names. */
export type ArgumentType = 'Array' | 'Input' | 'Integer' | 'Float';

/** Arguments of the same types share a compiled kernel. */
export function argumentType(argument: KernelOperand<unknown>): ArgumentType {
  switch (argument.kind) {
    case 'values':
      return 'Array';
    case 'table':
      return 'Input';
    case 'number':
      return isWhole(argument.number) ? 'Integer' : 'Float';
  }
}
