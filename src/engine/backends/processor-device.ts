/** gpu.js without a GPU: the same kernels as WebAssembly or JavaScript on one thread. */
import { type CompiledKernel, openCompiler } from './gpu-js.ts';
import {
  type ArgumentType,
  argumentType,
  type KernelDevice,
  type KernelOperand,
} from './kernel-device.ts';

/**
 * In WebAssembly gpu.js divides indices in float32, which counts exactly up to here; for longer tensors the JavaScript
 * form of the kernel runs, whose numbers are float64.
 */
const longestInFloat32 = 2 ** 24;

export function processorDevice(mode: 'webasm' | 'cpu'): KernelDevice<Float32Array> {
  const main = openCompiler(mode);
  const exact = mode === 'cpu' ? main : openCompiler('cpu');
  return {
    name: 'cpu',
    description: `gpu.js ${mode}`,
    open: async () => 'as it was',
    upload: (length, fill) => {
      const values = new Float32Array(length);
      fill(values);
      return values;
    },
    run: async (kernel, args, length) => {
      const compiler = longestOf(args, length) > longestInFloat32 ? exact : main;
      const { compiled } = compiler.compile(kernel, args.map(typeHere));
      // Compiling is not told apart from the first run.
      return { values: call(compiled, args, length), compileMilliseconds: 0 };
    },
    read: async (values) => values,
    free: () => {},
    settle: () => Promise.resolve(),
    close: async () => {
      await main.close();
      if (exact !== main) await exact.close();
    },
  };
}

function longestOf(args: readonly KernelOperand<Float32Array>[], length: number): number {
  return args.reduce(
    (longest, argument) =>
      argument.kind !== 'number' ? Math.max(longest, argument.length) : longest,
    length,
  );
}

function call(
  compiled: CompiledKernel,
  args: readonly KernelOperand<Float32Array>[],
  length: number,
): Float32Array {
  compiled.setOutput([length]);
  const result = compiled(
    ...args.map((argument) => (argument.kind === 'number' ? argument.number : argument.values)),
  );
  if (result instanceof Float32Array) return result;
  throw new Error('gpu.js gave no flat result.');
}

/** A table is an array like others here: JavaScript and WebAssembly divide whole numbers to the nearest float. */
function typeHere(argument: KernelOperand<Float32Array>): ArgumentType {
  return argument.kind === 'table' ? 'Array' : argumentType(argument);
}
