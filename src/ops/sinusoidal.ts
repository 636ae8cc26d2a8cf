import { sourceFlow } from './families/flows.ts';
import type { KernelThread, Op } from './op.ts';

export const sinusoidal: Op = {
  name: 'sinusoidal',
  doc: 'Position encodings: column 2i of row p is sin(p / 10000^(2i/d)), column 2i + 1 the cosine (Vaswani et al. 2017).',
  signature: 'sinusoidal(N: dim, d: dim) -> [N, d]',
  flow: sourceFlow,
  operations: 2,
  reference: ({ number }) => {
    const [rows, width] = [number('N'), number('d')];
    return Float64Array.from({ length: rows * width }, (_, at) => {
      const column = at % width;
      const angle = Math.floor(at / width) / 10000 ** ((column - (column % 2)) / width);
      return column % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
    });
  },
  gpu: ({ number }) => [{ kernel, args: [number('d')], length: number('N') * number('d') }],
  vjp: { none: 'It has no operands.' },
  torch: 'sinusoidal({N}, {d})',
  onnx: 'Sin and Cos',
  // WGSL promises 2^-11 for sine and cosine.
  tolerance: 5e-4,
  examples: [
    { inputs: {}, attributes: { N: 4, d: 6 } },
    { inputs: {}, attributes: { N: 3, d: 5 } },
  ],
};

const kernel = {
  name: 'sinusoidal',
  source: function (this: KernelThread, width: number): number {
    const column = this.thread.x % width;
    const odd = column % 2;
    // ln 10000
    const frequency = Math.exp((-9.210340371976184 * (column - odd)) / width);
    const angle = Math.floor(this.thread.x / width) * frequency;
    const turns = Math.floor(angle * 0.15915494309189535);
    const rest = angle - turns * 6.283185307179586;
    if (odd > 0) {
      return Math.cos(rest);
    }
    return Math.sin(rest);
  },
};
