import { beforeAll, expect, test } from 'vitest';
import { findAdapter } from '../../src/engine/backends/adapter.ts';
import { openCompiler } from '../../src/engine/backends/gpu-js.ts';
import type { ArgumentType } from '../../src/engine/backends/kernel-device.ts';
import type { Kernel } from '../../src/ops/index.ts';
import { useSoftwareGpu } from './software-gpu.ts';

beforeAll(async () => {
  await useSoftwareGpu();
  await findAdapter();
});

// What a GPU may round is seen in the program only: the software adapter divides exactly.
test('indices are int32 throughout', async () => {
  const wgsl = await wgslOf(['Array', 'Input', 'Integer', 'Integer'], {
    name: 'strided',
    source: function (x: Numbers, table: Numbers, width: number, rank: number) {
      let left = this.thread.x;
      let place = 0;
      for (let axis = 0; axis < rank; axis++) {
        const length = table[2 * axis] as number;
        place += (left % length) * (table[2 * axis + 1] as number);
        left = Math.floor(left / length);
      }
      const row = Math.floor((this.thread.x - 1) / width);
      const column = this.thread.x % width;
      const kept = column < rank ? column : 0;
      return x[place + row * width + kept] as number;
    },
  });
  expect(wgsl).not.toContain('f32(');
  expect(declarations(wgsl)).toEqual({
    left: 'i32',
    place: 'i32',
    axis: 'i32',
    length: 'i32',
    row: 'i32',
    column: 'i32',
    kept: 'i32',
  });
});

test('values and fractions are float32 throughout', async () => {
  const wgsl = await wgslOf(['Array', 'Integer', 'Float'], {
    name: 'values',
    source: function (x: Numbers, length: number, scale: number) {
      let sum = 0;
      let weight = 1;
      for (let k = 0; k < length; k++) {
        sum += x[k] as number;
        weight = weight * scale;
      }
      const half = length / 2;
      const down = Math.floor(x[this.thread.x] as number);
      let turns = length;
      turns /= 3;
      const first = this.thread.x < 1 ? 0 : this.thread.x;
      return sum * weight + half + down + (sum % scale) + turns + first;
    },
  });
  expect(declarations(wgsl)).toEqual({
    sum: 'f32',
    weight: 'f32',
    k: 'i32',
    half: 'f32',
    down: 'f32',
    turns: 'f32',
    first: 'f32',
  });
});

type Numbers = ArrayLike<number>;

/** The body of the program that gpu.js hands to the GPU. */
async function wgslOf(types: readonly ArgumentType[], kernel: Kernel): Promise<string> {
  const compiler = openCompiler('webgpu');
  const compiled = compiler.compile(kernel, types).compiled as unknown as {
    (...args: readonly unknown[]): Promise<unknown>;
    readonly kernel: { readonly compiledSource: string };
  };
  const args = types.map((type) => {
    if (type === 'Input') return { value: Float32Array.of(1, 1), size: [2, 1, 1] };
    return type === 'Array' ? Float32Array.of(1, 1) : 1;
  });
  await compiled(...args);
  const source = compiled.kernel.compiledSource;
  await compiler.close();
  return source.slice(source.indexOf('data_index : i32'));
}

function declarations(wgsl: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...wgsl.matchAll(/var user_(\w+) : (\w+)/g)].map(([, name = '', type = '']) => [name, type]),
  );
}
