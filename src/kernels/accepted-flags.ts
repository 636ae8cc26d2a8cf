import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { engineFlags } from './open-kernels.ts';

/** `engineFlags` where the Node that runs this knows them, else none: one that does not ends at the first word. */
export async function acceptedFlags(): Promise<readonly string[]> {
  try {
    await promisify(execFile)(process.execPath, [...engineFlags, '--version']);
    return engineFlags;
  } catch {
    return [];
  }
}
