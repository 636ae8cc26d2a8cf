/** Where kernels run and where their values live. */
import type { Kernel } from '../../ops/index.ts';

/** `Values` is the device's handle of a flat tensor of at least one value. */
export interface KernelDevice<Values> {
  readonly name: 'gpu' | 'cpu';
  readonly description: string;
  /** To be called before a run; a device that was lost since the last one is opened anew. */
  readonly open: () => Promise<void>;
  /** Copies values to the device, rounded to float32; whole numbers stay exact to 2^24. */
  readonly upload: (data: ArrayLike<number>) => Values;
  /** Computes `length` values, one per thread. May resolve before the device has finished. */
  readonly run: (
    kernel: Kernel,
    args: readonly KernelOperand<Values>[],
    length: number,
  ) => Promise<Values>;
  readonly read: (values: Values) => Promise<Float32Array>;
  readonly free: (values: Values) => void;
  /** Resolves when everything asked for is computed; rejects with what went wrong on the device meanwhile. */
  readonly settle: () => Promise<void>;
  readonly close: () => Promise<void>;
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
