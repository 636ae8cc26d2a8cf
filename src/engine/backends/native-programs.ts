/** Programs of ours in WGSL, beside those that gpu.js writes: its kernels have no memory that threads share. */
import { productDispatch } from './matrix-products.ts';
import { rowDispatch } from './row-programs.ts';
import type { PlannedForm } from './through-views.ts';

/** One call of a program: binding 0 has the numbers, then come the tensors read, then the result. */
export interface Dispatch {
  readonly code: string;
  readonly numbers: Uint32Array<ArrayBuffer>;
  readonly groups: readonly [x: number, y: number, z: number];
}

/** Undefined for forms that have no program, or whose own kernels do as well. */
export function dispatchOf(form: PlannedForm['form']): Dispatch | undefined {
  switch (form.kind) {
    case 'product':
      return productDispatch(form);
    case 'reduce':
    case 'softmax':
      return rowDispatch(form);
    default:
      return undefined;
  }
}

export interface NativePrograms {
  /** Says what compiling took. */
  readonly run: (dispatch: Dispatch, buffers: readonly GPUBuffer[]) => Promise<number>;
}

interface Program {
  readonly pipeline: GPUComputePipeline;
  readonly numbers: GPUBuffer;
}

/** UNIFORM | COPY_DST: the names are globals only in a browser. */
const uniformUsage = 0x40 | 0x08;

export function nativePrograms(device: GPUDevice): NativePrograms {
  const programs = new Map<string, Promise<Program>>();
  return {
    run: async (dispatch, buffers) => {
      const start = performance.now();
      const known = programs.get(dispatch.code);
      const compiling = known ?? compile(device, dispatch);
      programs.set(dispatch.code, compiling);
      const { pipeline, numbers } = await compiling;
      const compileMilliseconds = known ? 0 : performance.now() - start;
      device.queue.writeBuffer(numbers, 0, dispatch.numbers);
      const entries = [numbers, ...buffers].map((buffer, binding) => ({
        binding,
        resource: { buffer },
      }));
      const layout = pipeline.getBindGroupLayout(0);
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, device.createBindGroup({ layout, entries }));
      pass.dispatchWorkgroups(...dispatch.groups);
      pass.end();
      device.queue.submit([encoder.finish()]);
      return compileMilliseconds;
    },
  };
}

async function compile(device: GPUDevice, { code, numbers }: Dispatch): Promise<Program> {
  const module = device.createShaderModule({ code });
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module } });
  const size = numbers.byteLength;
  return { pipeline, numbers: device.createBuffer({ size, usage: uniformUsage }) };
}
