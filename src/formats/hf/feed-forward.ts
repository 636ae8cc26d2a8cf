/** Feed-forward networks as text, mixtures of experts among them. */
import { callText, type Draft } from './draft.ts';
import type { Experts, FeedForward, Stack } from './parts.ts';

export function feedForwardDims(feedForward: FeedForward, draft: Draft): void {
  if (feedForward.kind !== 'experts') {
    draft.dim('d_ff', feedForward.hidden, 'hidden width of the feed-forward network');
    return;
  }
  if (feedForward.dense !== undefined) feedForwardDims(feedForward.dense, draft);
  draft.dim('experts', feedForward.experts);
  draft.dim('active', feedForward.active, 'experts that a token goes to');
  draft.dim('d_expert', feedForward.hidden, 'hidden width of an expert');
  if (feedForward.shared !== undefined) draft.dim('d_shared', feedForward.shared.hidden);
}

/** Statements that add the feed-forward network of `x` to the stream. */
export function feedForwardWrites(
  { feedForward }: Stack,
  x: string,
  write: (call: string) => readonly string[],
  draft: Draft,
): readonly string[] {
  if (feedForward.kind !== 'experts') return write(`${call(feedForward, x)} as mlp`);
  const sparse = write(`${expertsCall(feedForward, x, draft)} as moe`);
  if (feedForward.dense === undefined) return sparse;
  const dense = write(`${call(feedForward.dense, x)} as mlp`);
  const inner = (lines: readonly string[]) =>
    lines.map((line) => `  ${line.replaceAll('\n', '\n  ')}`).join('\n');
  return [`if sparse {\n${inner(sparse)}\n} else {\n${inner(dense)}\n}`];
}

function call(feedForward: Exclude<FeedForward, Experts>, x: string): string {
  const { kind, activation, bias } = feedForward;
  const args = [x, 'hidden: d_ff'];
  const usual = kind === 'plain' ? 'gelu' : 'silu';
  if (activation !== usual) args.push(`activation: ${activation}`);
  if (bias !== (kind === 'plain')) args.push(`bias: ${bias}`);
  return callText(kind === 'plain' ? 'FFN' : 'GatedFFN', args);
}

function expertsCall(experts: Experts, x: string, draft: Draft): string {
  const { activation, weights, shared } = experts;
  if (weights === 'of the selected' && shared === undefined) {
    const args = [x, 'experts: experts', 'active: active', 'hidden: d_expert'];
    if (activation !== 'silu') args.push(`activation: ${activation}`);
    return callText('MixtureOfExperts', args);
  }
  draft.block(expertsBlock(experts));
  return `SparseFFN(${x})`;
}

/** Every expert is computed for every token, as in the standard library, and weighted with 0 where it is not chosen. */
function expertsBlock({ activation, weights, shared }: Experts): string {
  const act = (value: string) => `${activation}(${value})`;
  const lines = [
    'param W_router: [d, experts]',
    'param W_gate: [experts, d, d_expert] = normal(std: 1 / sqrt(d))',
    'param W_up: [experts, d, d_expert] = normal(std: 1 / sqrt(d))',
    'param W_down: [experts, d_expert, d] = normal(std: 1 / sqrt(d_expert))',
    'router_logits = x @ W_router',
    'selected = top_k(router_logits, active)',
    'chosen = sum(selected.indices[..., none] == positions(experts), axis: -2)',
    weights === 'of all'
      ? 'weights = softmax(router_logits) * chosen'
      : 'weights = softmax(where(chosen, router_logits, -inf))',
    'gate = einsum("n d, e d h -> n e h", x, W_gate)',
    'up = einsum("n d, e d h -> n e h", x, W_up)',
    `expert_out = einsum("n e h, e h d -> n e d", ${act('gate')} * up, W_down)`,
    'out = sum(weights[..., none] * expert_out, axis: -2)',
  ];
  if (shared !== undefined) {
    const named = activation === 'silu' ? '' : `, activation: ${activation}`;
    lines.push(
      'param W_shared: [d, 1]',
      `out = out + sigmoid(x @ W_shared) * (GatedFFN(x, hidden: d_shared${named}) as shared)`,
    );
  }
  const how = weights === 'of all' ? 'a softmax over all of them' : 'a softmax over those chosen';
  const also = shared === undefined ? '' : ', and one more for every token';
  return `/// Each token goes to the experts with the largest router logits, weighted by ${how}${also}.\nblock SparseFFN(x: [N, d]) -> [N, d] {\n${[...lines, 'return out'].map((line) => `  ${line}`).join('\n')}\n}`;
}

export function mapFeedForward(stack: Stack, draft: Draft): void {
  const { feedForward, layer, stored } = stack;
  const turn = stored === 'in-out' ? '' : '.T';
  if (feedForward.kind !== 'experts') {
    mapDense(feedForward, 'blocks.*.mlp', layer, turn, draft);
    return;
  }
  const { router, gate, up, down, shared, dense } = feedForward;
  const at = 'blocks.*.moe';
  draft.map(`${at}.W_router`, `${layer}${router}.weight`, '.T');
  draft.map(`${at}.W_gate`, `${layer}${gate}.weight`, '.T');
  draft.map(`${at}.W_up`, `${layer}${up}.weight`, '.T');
  draft.map(`${at}.W_down`, `${layer}${down}.weight`, '.T');
  if (shared !== undefined) {
    for (const name of ['gate', 'up', 'down']) {
      const tensor = `${layer}${shared.names}.${name}_proj.weight`;
      draft.map(`${at}.shared.W_${name}`, tensor, '.T');
    }
    draft.map(`${at}.W_shared`, `${layer}${shared.gate}.weight`, '.T');
  }
  if (dense !== undefined) mapDense(dense, 'blocks.*.mlp', layer, turn, draft);
}

function mapDense(
  feedForward: Exclude<FeedForward, Experts>,
  at: string,
  layer: string,
  turn: string,
  draft: Draft,
): void {
  const { bias } = feedForward;
  const linear = (name: string, tensor: string) => {
    draft.map(`${at}.W_${name}`, `${layer}${tensor}.weight`, turn);
    if (bias) draft.map(`${at}.b_${name}`, `${layer}${tensor}.bias`);
  };
  if (feedForward.kind === 'plain') {
    linear('1', feedForward.up);
    linear('2', feedForward.down);
    return;
  }
  if (feedForward.fused === true) {
    draft.map(`${at}.W_gate`, `${layer}${feedForward.gate}.weight`, '[0:d_ff].T');
    draft.map(`${at}.W_up`, `${layer}${feedForward.gate}.weight`, '[d_ff:2 * d_ff].T');
  } else {
    linear('gate', feedForward.gate);
    linear('up', feedForward.up);
  }
  linear('down', feedForward.down);
}
