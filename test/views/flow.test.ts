import { expect, test } from 'vitest';
import { type FlowView, flowLayout, flowView, viewOf } from '../../src/views/index.ts';
import { run } from '../session/run-text.ts';
import { smallTrace } from './small-trace.ts';

async function flowOf(block: string, layer?: number): Promise<FlowView> {
  const trace = await run(`
dims {
  N = 4
  d = 8
}
model M {
  input x: [N, d] = normal(seed: 3)
  repeat 2 as blocks {
    x = ${block}(x, heads: 2)
  }
  output y = LayerNorm(x) as ln_f
}
run demo for M {
}
`);
  const view = await flowView(trace, { stream: 0, ...(layer === undefined ? {} : { layer }) });
  if (view === undefined) throw new Error('No flow.');
  return view;
}

/** From the bottom upwards: a line for every part. */
function flowText({ start, parts }: FlowView): string {
  const lines = parts.map((part) => {
    if (part.kind === 'norm') return `norm ${part.name} → ${part.state.path}`;
    const { name, does, heads, reads, norm } = part.branch;
    const through = norm === undefined ? '' : ` through ${norm.name}`;
    const many = heads === undefined ? '' : ` of ${heads} heads`;
    return `${name}: ${does}${many} reads step ${reads}${through} → ${part.state.path}`;
  });
  return [start.path, ...lines].join('\n');
}

test('a pre-norm block has its norms on the branches', async () => {
  expect(flowText(await flowOf('PreNormBlock'))).toBe(
    `
x#0
attn: attention of 2 heads reads step 0 through ln_1 → blocks.0.x#1
mlp: feed-forward reads step 1 through ln_2 → blocks.0.x#2
attn: attention of 2 heads reads step 2 through ln_1 → blocks.1.x#1
mlp: feed-forward reads step 3 through ln_2 → blocks.1.x#2
norm ln_f → ln_f`.slice(1),
  );
});

test('a post-norm block has its norms on the trunk', async () => {
  expect(flowText(await flowOf('PostNormBlock', 0))).toBe(
    `
x#0
attn: attention of 2 heads reads step 0 → blocks.0.x#1
norm ln_1 → blocks.0.ln_1
mlp: feed-forward reads step 2 → blocks.0.x#3
norm ln_2 → blocks.0.ln_2`.slice(1),
  );
});

test('in a parallel block both sublayers read the same state, through one norm', async () => {
  const view = await flowOf('ParallelBlock', 1);
  expect(flowText(view)).toBe(
    `
blocks.0.x#2
attn: attention of 2 heads reads step 2 through ln_1 → blocks.1.x#1
mlp: feed-forward reads step 2 through ln_1 → blocks.1.x#2
norm ln_f → ln_f`.slice(1),
  );
  const { boxes } = flowLayout(view, new Set());
  const place = (title: string) => boxes.filter((box) => box.title === title);
  expect(place('ln_1').length).toBe(1);
  expect(place('attn')[0]?.y).toBe(place('mlp')[0]?.y);
});

test('one layer alone starts at the state before it', async () => {
  const view = await flowOf('PreNormBlock', 1);
  expect(view.layers).toEqual([0, 1]);
  expect(view.start.path).toBe('blocks.0.x#2');
  expect(view.parts.length).toBe(3);
});

test('a sublayer opens into its equations with their shapes, and is drawn higher by them', async () => {
  const view = await flowOf('PreNormBlock', 0);
  const [part] = view.parts;
  if (part?.kind !== 'branch') throw new Error('The first part is no branch.');
  const { branch } = part;
  const equations = branch.equations.map(({ text, shape }) => `${text}  ${shape}`);
  expect(equations.slice(-5)).toEqual([
    'scores = causal_mask(scores)  [2, N, N]',
    'pattern = softmax(scores)  [2, N, N]',
    'z = pattern @ v  [2, N, d / 2]',
    'out = rearrange(z, "... h N k -> ... N (h k)") @ W_O  [N, d]',
    'out = out + b_O  [N, d]',
  ]);
  const heights = [new Set<string>(), new Set([branch.path])].map(
    (open) => flowLayout(view, open).boxes.find(({ path }) => path === branch.path)?.height ?? 0,
  );
  expect(heights[1]).toBe((heights[0] ?? 0) + branch.equations.length * 20 + 8);
});

test('lines are as thick as what flows is large, and nothing lies outside the drawing', async () => {
  const view = await flowOf('PreNormBlock');
  const { edges, boxes, width, height } = flowLayout(view, new Set());
  const trunk = edges.filter(({ kind }) => kind === 'trunk');
  for (const { norm, thickness } of [...trunk, ...edges.filter(({ kind }) => kind === 'write')]) {
    expect(thickness).toBeCloseTo(Math.max(1, (14 * (norm ?? 0)) / view.largest));
  }
  for (const box of boxes) {
    expect([box.x >= 0, box.y >= 0]).toEqual([true, true]);
    expect([box.x + box.width <= width, box.y + box.height <= height]).toEqual([true, true]);
  }
});

test('a run without a stream has no flow', async () => {
  const asked = { view: 'flow', params: { stream: 0 } } as const;
  await expect(viewOf(smallTrace({}), asked)).rejects.toThrow('This run has no residual stream.');
});
