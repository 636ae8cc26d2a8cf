/** SwiftShader, a Vulkan on the processor, so that the WebGPU backend is tested where there is no GPU. */
import { constants } from 'node:os';
import { join } from 'node:path';

interface SoftwareVulkan {
  readonly LD_LIBRARY_PATH: string;
  readonly VK_ICD_FILENAMES: string;
  readonly XDG_RUNTIME_DIR: string;
}

/** Whether the numbers of this machine's own GPU are wanted: `npm run test:gpu`. */
export const onHardware = process.env['TBLOCK_TEST_GPU'] === 'hardware';

/** Keeps a library in memory although it is no Node addon; the value is glibc's RTLD_NODELETE. */
const keepLoaded = 0x1000;

/**
 * Makes the software adapter the only one of this process. To be called before the native module webgpu is loaded.
 * Does nothing where the browser package carries no SwiftShader; WebGPU is then tested on what the machine has.
 */
export async function useSoftwareGpu(): Promise<void> {
  if (onHardware) return;
  const installer = new URL('../vscode/host/install.mjs', import.meta.url).href;
  const { softwareVulkan } = (await import(installer)) as {
    softwareVulkan: () => Promise<SoftwareVulkan | undefined>;
  };
  const vulkan = await softwareVulkan();
  if (vulkan === undefined) return;
  const { VK_ICD_FILENAMES, XDG_RUNTIME_DIR } = vulkan;
  Object.assign(process.env, { VK_ICD_FILENAMES, XDG_RUNTIME_DIR });
  // The search path for libraries is fixed when a process starts, so the loader is put in memory by its full name,
  // under which Dawn then finds it. Node refuses it afterwards because it is no addon.
  const folder = vulkan.LD_LIBRARY_PATH.split(':')[0] ?? '';
  try {
    process.dlopen(
      { exports: {} },
      join(folder, 'libvulkan.so.1'),
      constants.dlopen.RTLD_NOW | keepLoaded,
    );
  } catch (error) {
    if (!String(error).includes('self-register')) throw error;
  }
}
