import { RunFault } from '../backend.ts';
import { OutOfMemory } from './kernel-device.ts';

/** A kernel that the device cannot compile or run. Another backend may still run the graph. */
export class KernelFailure extends Error {
  override readonly name = 'KernelFailure';
}

/** What a device throws as a KernelFailure with a sentence; wrong values and a lack of memory stay what they are. */
export async function asFailure<Result>(
  what: string,
  action: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof OutOfMemory || error instanceof RunFault) throw error;
    // A compiler's message is followed by the whole generated program; its first lines say what is wrong.
    const message = (error instanceof Error ? error.message : String(error)).split('\n--- ')[0];
    throw new KernelFailure(`${what}: ${message}`, { cause: error });
  }
}
