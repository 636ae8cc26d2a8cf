import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { simdBackend } from '../../src/engine/backends/simd/simd-backend.ts';
import type { Feeds } from '../../src/engine/index.ts';
import { openKernels } from '../../src/kernels/index.ts';
import { graphOfText } from './graph-of-text.ts';
import { quietControl } from './small-graphs.ts';

// What a run says it will take, beside what the kernels' memory has grown to after it. That is all a run holds: values,
// weights as they lie for the kernels, and room that it uses again.

const mebibyte = 2 ** 20;

interface Case {
  readonly text: string;
  /** MiB. */
  readonly budget: number;
}

const cases: Readonly<Record<string, Case>> = {
  'GPT-2 small over 16 tokens': {
    text: readFileSync(new URL('../../examples/gpt2-small.tblock', import.meta.url), 'utf8'),
    budget: 1024,
  },
  'a small decoder': {
    text: `
      dims { N = 64, d = 128, heads = 4, L = 3 }
      model Decoder {
        input x: [N, d]
        repeat L as blocks { x = PreNormBlock(x, heads: heads) }
        output y = LayerNorm(x)
      }`,
    budget: 1024,
  },
  'a mixture of experts': {
    text: `
      dims { N = 32, d = 128 }
      model Mixture {
        input x: [N, d]
        repeat 2 as blocks {
          x += MixtureOfExperts(RMSNorm(x), experts: 8, active: 2, hidden: 256)
        }
        output y = x
      }`,
    budget: 1024,
  },
  'many tokens and room for few values': {
    text: `
      dims { N = 512, d = 64, heads = 4, L = 4 }
      model Long {
        input x: [N, d]
        repeat L as blocks { x = PreNormBlock(x, heads: heads) }
        output y = x
      }`,
    budget: 2,
  },
};

test.each(Object.entries(cases))(
  '%s: the estimate is within a tenth',
  async (_, { text, budget }) => {
    const kernels = await openKernels({ threads: 1 });
    if (!kernels.available) throw new Error(kernels.reason);
    const backend = simdBackend(kernels, { memoryBudget: budget * mebibyte });
    const graph = graphOfText(text);
    const feeds: Feeds = new Map(
      [...graph.inputs, ...graph.parameters].map(({ id }) => [
        id,
        { key: `${id}`, fill: (target) => target.fill(0) },
      ]),
    );
    const expected = backend.estimate(graph);
    await backend.execute(graph, feeds, quietControl());
    const taken = kernels.memory.buffer.byteLength - kernels.heapStart;
    await backend.close();
    expect(expected / taken).toBeGreaterThan(0.9);
    expect(expected / taken).toBeLessThan(1.1);
  },
  120_000,
);
