/** Stacks of matrix products on a GPU, by a program of ours: gpu.js gives a kernel no memory that its threads share. */
import type { Product } from '../../ops/index.ts';
import { mostAxes, numbersLength, productProgram, type Tile } from './product-program.ts';

export interface MatrixProducts {
  /** Writes the product into `result`, and says what compiling took. To be asked for what `canMultiply` only. */
  readonly multiply: (product: Product, buffers: ProductBuffers) => Promise<number>;
}

export interface ProductBuffers {
  readonly a: GPUBuffer;
  readonly b: GPUBuffer;
  readonly result: GPUBuffer;
}

interface Program {
  readonly pipeline: GPUComputePipeline;
  readonly numbers: GPUBuffer;
}

/** UNIFORM | COPY_DST: the names are globals only in a browser. */
const uniformUsage = 0x40 | 0x08;
/** What WebGPU promises of workgroups along each axis of a dispatch. */
const mostGroups = 65535;
const fewestRows = 4;

/** Whether the program takes it and pays: of few rows, kernels of one thread per value already read side by side. */
export function canMultiply(product: Product): boolean {
  if (product.rows < fewestRows && liesByLast(product.b)) return false;
  const [rows, columns] = groupsOf(product, tileFor(product));
  const groups = Math.max(rows, columns, stackOf(product));
  return groups <= mostGroups && product.batch.length <= mostAxes;
}

export function matrixProducts(device: GPUDevice): MatrixProducts {
  const programs = new Map<string, Promise<Program>>();
  return {
    multiply: async (product, { a, b, result }) => {
      const tile = tileFor(product);
      const start = performance.now();
      const code = productProgram(tile, [liesByLast(product.a), liesByLast(product.b)]);
      const known = programs.get(code);
      const compiling = known ?? compile(device, code);
      programs.set(code, compiling);
      const { pipeline, numbers } = await compiling;
      const compileMilliseconds = known ? 0 : performance.now() - start;
      device.queue.writeBuffer(numbers, 0, numbersOf(product));
      const entries = [numbers, a, b, result].map((buffer, binding) => ({
        binding,
        resource: { buffer },
      }));
      const layout = pipeline.getBindGroupLayout(0);
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, device.createBindGroup({ layout, entries }));
      const [rows, columns] = groupsOf(product, tile);
      pass.dispatchWorkgroups(columns, rows, stackOf(product));
      pass.end();
      device.queue.submit([encoder.finish()]);
      return compileMilliseconds;
    },
  };
}

async function compile(device: GPUDevice, code: string): Promise<Program> {
  const module = device.createShaderModule({ code });
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module } });
  return {
    pipeline,
    numbers: device.createBuffer({ size: 4 * numbersLength, usage: uniformUsage }),
  };
}

/** A product of few rows or columns gets flat tiles, so that few threads work beyond its edge. */
function tileFor({ rows, columns }: Product): Tile {
  if (rows <= 16) return { threads: [16, 16], each: [1, 2] };
  if (columns <= 16) return { threads: [16, 16], each: [4, 1] };
  return { threads: [16, 16], each: [4, 4] };
}

function groupsOf(
  { rows, columns }: Product,
  { threads, each }: Tile,
): readonly [rows: number, columns: number] {
  return [Math.ceil(rows / (threads[0] * each[0])), Math.ceil(columns / (threads[1] * each[1]))];
}

/** Whether an operand's values lie side by side along its last axis, and not along the one before it. */
function liesByLast({ strides }: Product['a']): boolean {
  const [before = 0, last = 0] = strides.slice(-2);
  return last !== 0 && (before === 0 || last <= before);
}

function stackOf({ batch }: Product): number {
  return batch.reduce((count, length) => count * length, 1);
}

/** In the order of the program's `Numbers`. */
function numbersOf(product: Product): Uint32Array<ArrayBuffer> {
  const { batch, rows, inner, columns } = product;
  const strides = [product.a.strides, product.b.strides, product.strides];
  const numbers = new Uint32Array(numbersLength);
  numbers.set([
    ...[rows, columns, inner, batch.length, 0, 0],
    ...strides.flatMap((each) => each.slice(-2)),
    ...batch.flatMap((length, axis) => [length, ...strides.map((each) => each[axis] ?? 0)]),
  ]);
  return numbers;
}
