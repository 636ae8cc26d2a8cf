import { t } from '@vscode/l10n';
import { formatDim, literalOf } from '../dims/index.ts';
import { demandRank } from './families/axis-rules.ts';
import { elementwiseFlow } from './families/flows.ts';
import { lastTwo, maskReference } from './families/masking.ts';
import { countOf } from './families/row-major.ts';
import type { KernelThread, Op } from './op.ts';

export const windowMask: Op = {
  name: 'window_mask',
  doc: 'Keeps the scores with |i + M - N - j| < width, of N queries and M keys, and sets all others to -inf.',
  signature: 'window_mask(scores: [..., N, M], width: dim) -> [..., N, M]',
  flow: elementwiseFlow,
  operations: 0,
  shape: (call) => {
    const shape = demandRank(call, 'scores', 2);
    const width = call.dim('width');
    if ((literalOf(width) ?? 1) >= 1) return shape;
    const message = t`A window is at least 1 wide, but width is ${formatDim(width)}.`;
    return call.fail({ kind: 'argument', message });
  },
  reference: maskReference(
    (distance, width) => Math.abs(distance) >= width,
    (number) => number('width'),
  ),
  gpu: ({ input, number, shape }) => {
    const sizes = lastTwo(input('scores').shape);
    const args = [{ operand: 'scores' }, ...sizes, number('width'), -Infinity];
    return [{ kernel, args, length: countOf(shape) }];
  },
  form: ({ input, number }) => {
    const [rows, columns] = lastTwo(input('scores').shape);
    const [offset, reach] = [columns - rows, number('width') - 1];
    return { kind: 'mask', rows, columns, lowest: offset - reach, highest: offset + reach };
  },
  vjp: 'dscores = where(y == -inf, 0, dy)',
  torch:
    '{scores}.masked_fill((torch.arange({scores}.shape[-2])[:, None] + {scores}.shape[-1] - {scores}.shape[-2] - torch.arange({scores}.shape[-1])).abs() >= {width}, float("-inf"))',
  onnx: 'Where',
  tolerance: 0,
  examples: [
    { inputs: { scores: { normal: [2, 4, 4], seed: 1 } }, attributes: { width: 2 } },
    { inputs: { scores: { normal: [2, 5], seed: 2 } }, attributes: { width: 1 } },
    { inputs: { scores: { normal: [3, 4], seed: 3 } }, attributes: { width: 9 } },
  ],
};

const kernel = {
  name: 'window_mask',
  source: function (
    this: KernelThread,
    scores: ArrayLike<number>,
    queries: number,
    keys: number,
    width: number,
    hidden: number,
  ): number {
    const query = Math.floor(this.thread.x / keys) % queries;
    const key = this.thread.x % keys;
    const behind = query + keys - queries - key;
    if (behind >= width || behind <= -width) {
      return hidden;
    }
    return scores[this.thread.x] as number;
  },
};
