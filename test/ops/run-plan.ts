/** Runs an operator's kernels as JavaScript through gpu.js, values between them in float32. */
import { GPU, type IKernelRunShortcut } from 'gpu.js';
import type { Example, Kernel, KernelArgument, Op } from '../../src/ops/index.ts';
import { runCall } from './example-calls.ts';

const gpu = new GPU({ mode: 'cpu' });
const compiled = new Map<Kernel, IKernelRunShortcut>();

export function runPlan(op: Op, example: Example, shape: readonly number[]): ArrayLike<number> {
  const call = runCall(op, example, shape);
  const results: Float32Array[] = [];
  const argumentValue = (argument: KernelArgument): number | Float32Array => {
    if (typeof argument === 'number') return argument;
    if ('table' in argument) return Float32Array.from(argument.table);
    if ('made' in argument) {
      const values = new Float32Array(argument.made.length);
      argument.made.fill(values);
      return values;
    }
    if ('step' in argument) return results[argument.step] as Float32Array;
    return Float32Array.from(call.all(argument.operand)[argument.part ?? 0]?.data ?? []);
  };
  for (const { kernel, args, length } of op.gpu(call)) {
    const run = compiled.get(kernel) ?? compile(kernel);
    run.setOutput([length]);
    results.push(run(...args.map(argumentValue)) as Float32Array);
  }
  // An operator without kernels renames its first operand.
  const [first] = Object.keys(example.inputs);
  return results.at(-1) ?? call.all(first ?? '')[0]?.data ?? [];
}

function compile(kernel: Kernel): IKernelRunShortcut {
  // Without a limit of its own gpu.js ends every loop silently after 1000 turns.
  const settings = {
    output: [1],
    dynamicOutput: true,
    dynamicArguments: true,
    loopMaxIterations: 0x7fff_ffff,
  };
  const run = gpu.createKernel(kernel.source.toString(), settings);
  compiled.set(kernel, run);
  return run;
}
