import { sourceFlow } from './families/flows.ts';
import { madeStep } from './families/made-values.ts';
import type { Op } from './op.ts';

export const sinusoidal: Op = {
  name: 'sinusoidal',
  doc: 'Position encodings: column 2i of row p is sin(p / 10000^(2i/d)), column 2i + 1 the cosine (Vaswani et al. 2017).',
  signature: 'sinusoidal(N: dim, d: dim) -> [N, d]',
  flow: sourceFlow,
  operations: 2,
  reference: ({ number }) => {
    const values = new Float64Array(number('N') * number('d'));
    encode(values, number('d'));
    return values;
  },
  gpu: ({ number }) => {
    const width = number('d');
    const length = number('N') * width;
    const fill = (target: Float32Array) => encode(target, width);
    return [madeStep({ key: `sinusoidal ${length} ${width}`, length, fill })];
  },
  vjp: { none: 'It has no operands.' },
  torch: 'sinusoidal({N}, {d})',
  onnx: 'Sin and Cos',
  tolerance: 1e-6,
  examples: [
    { inputs: {}, attributes: { N: 4, d: 6 } },
    { inputs: {}, attributes: { N: 3, d: 5 } },
  ],
};

function encode(target: Float32Array | Float64Array, width: number): void {
  for (let at = 0; at < target.length; at++) {
    const column = at % width;
    const angle = Math.floor(at / width) / 10000 ** ((column - (column % 2)) / width);
    target[at] = column % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  }
}
