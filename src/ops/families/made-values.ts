/** Values that a kernel could compute, but the processor more exactly. */
import type { GpuStep, Kernel, KernelThread, MadeValues } from '../op.ts';

/** The step whose result they are. */
export function madeStep(made: MadeValues): GpuStep {
  return { kernel: madeCopy, args: [{ made }], length: made.length };
}

const madeCopy: Kernel = {
  name: 'made_copy',
  source: function (this: KernelThread, values: ArrayLike<number>): number {
    return values[this.thread.x] as number;
  },
};
