/** Attention as text: a call of the standard library's block where that has all of it, else a block of the file's own. */
import { callText, type Draft, numberText } from './draft.ts';
import type { Attention, Norm, Rope, Stack } from './parts.ts';

/** Declares the dims that attention speaks of. */
export function attentionDims(stack: Stack, draft: Draft): void {
  const { heads, kvHeads, headWidth, rotary, window } = stack.attention;
  draft.dim('heads', heads);
  if (kvHeads !== heads) draft.dim('kv_heads', kvHeads, 'each serves heads / kv_heads queries');
  if (speaksOfHeadWidth(stack)) draft.dim('d_k', headWidth ?? 'd / heads', 'width of a head');
  if (rotary !== undefined) draft.dim('rotary', rotary, 'how much of a head turns');
  if (window !== undefined) draft.dim('window', window.width, 'tokens that a token can see');
}

/** The standard library's attention takes d / heads for granted. */
function speaksOfHeadWidth(stack: Stack): boolean {
  const { heads, kvHeads, headWidth, projections, rope } = stack.attention;
  const cut = projections.kind === 'side by side' && kvHeads !== heads;
  const scaled = stack.perLayer?.some(({ value }) => value.includes('d_k')) ?? false;
  const turned = rope?.frequencies !== undefined;
  return headWidth !== undefined || turned || cut || scaled || !isStandard(stack);
}

/** The call that computes attention of `x`; what it calls is in the file or the standard library. */
export function attentionCall(stack: Stack, x: string, draft: Draft): string {
  const { attention } = stack;
  if (attention.rope?.frequencies !== undefined) draft.block(frequenciesBlock(attention));
  if (!isStandard(stack)) {
    draft.block(ownBlock(stack));
    const extra = perLayerNames(stack, ownNeeds(attention)).map((name) => `${name}: ${name}`);
    const freqs = attention.rope?.frequencies === undefined ? [] : ['freqs: freqs'];
    return callText('Attention', [x, ...freqs, ...extra]);
  }
  return callText('MultiHeadAttention', [x, ...standardArguments(stack)]);
}

/** Where every parameter of the attention labelled `attn` comes from. */
export function mapAttention(stack: Stack, draft: Draft): void {
  const { attention, layer, stored } = stack;
  const { projections, bias, out, qkNorm } = attention;
  const turn = stored === 'in-out' ? '' : '.T';
  const at = 'blocks.*.attn';
  if (projections.kind === 'separate') {
    for (const [name, tensor] of [
      ['Q', projections.q],
      ['K', projections.k],
      ['V', projections.v],
    ]) {
      draft.map(`${at}.W_${name}`, `${layer}${tensor}.weight`, turn);
      if (bias.qkv) draft.map(`${at}.b_${name}`, `${layer}${tensor}.bias`);
    }
  } else if (projections.kind === 'side by side') {
    for (const [name, range] of rangesOf(attention)) {
      const steps = stored === 'in-out' ? `[:, ${range}]` : `[${range}].T`;
      draft.map(`${at}.W_${name}`, `${layer}${projections.qkv}.weight`, steps);
      if (bias.qkv) draft.map(`${at}.b_${name}`, `${layer}${projections.qkv}.bias`, `[${range}]`);
    }
  } else {
    draft.map(`${at}.W_QKV`, `${layer}${projections.qkv}.weight`, turn);
    if (bias.qkv) draft.map(`${at}.b_QKV`, `${layer}${projections.qkv}.bias`);
  }
  draft.map(`${at}.W_O`, `${layer}${out}.weight`, turn);
  if (bias.out) draft.map(`${at}.b_O`, `${layer}${out}.bias`);
  if (qkNorm === undefined) return;
  mapNorm(`${at}.q_norm`, `${layer}${qkNorm.q}`, qkNorm.norm, draft);
  mapNorm(`${at}.k_norm`, `${layer}${qkNorm.k}`, qkNorm.norm, draft);
}

export function mapNorm(path: string, tensor: string, { block }: Norm, draft: Draft): void {
  draft.map(`${path}.gamma`, `${tensor}.weight`);
  if (block === 'LayerNorm') draft.map(`${path}.beta`, `${tensor}.bias`);
}

function rangesOf({
  heads,
  kvHeads,
  headWidth,
}: Attention): readonly (readonly [string, string])[] {
  const queries = headWidth === undefined ? 'd' : 'heads * d_k';
  if (kvHeads === heads) {
    return [
      ['Q', `0:${queries}`],
      ['K', `${queries}:2 * ${queries}`],
      ['V', `2 * ${queries}:3 * ${queries}`],
    ];
  }
  return [
    ['Q', `0:${queries}`],
    ['K', `${queries}:(heads + kv_heads) * d_k`],
    ['V', '(heads + kv_heads) * d_k:(heads + 2 * kv_heads) * d_k'],
  ];
}

// ---------------------------------------------------------------- the standard library's

/** Whether MultiHeadAttention computes just this, in this order. */
function isStandard({ attention }: Stack): boolean {
  const { projections, bias, rope, rotary, localRope, qkNorm, alibi, window, clip } = attention;
  const plainNorm =
    qkNorm === undefined ||
    (qkNorm.over === 'head' &&
      qkNorm.norm.block === 'RMSNorm' &&
      qkNorm.norm.arguments.length === 0);
  return (
    (projections.kind === 'separate' || projections.kind === 'side by side') &&
    bias.qkv === bias.out &&
    (rope === undefined || (rope.style === 'half' && rope.factor === 1)) &&
    rotary === undefined &&
    localRope === undefined &&
    plainNorm &&
    alibi !== 'before scale' &&
    window?.layers !== 'local' &&
    clip === undefined
  );
}

function standardArguments(stack: Stack): readonly string[] {
  const { heads, kvHeads, headWidth, causal, bias, rope, qkNorm, ...rest } = stack.attention;
  const args = ['heads: heads'];
  if (kvHeads !== heads) args.push('kv_heads: kv_heads');
  if (headWidth !== undefined) args.push('d_k: d_k');
  if (causal) args.push('causal: true');
  if (rest.window !== undefined) args.push('window: window');
  if (bias.qkv) args.push('bias: true');
  if (qkNorm !== undefined) args.push('qk_norm: true');
  if (rope !== undefined) args.push('rope: true');
  if (rope?.frequencies !== undefined) args.push('rope_freqs: freqs');
  else if (rope !== undefined && rope.base !== 10_000) {
    args.push(`rope_base: ${numberText(rope.base)}`);
  }
  if (rest.alibi !== undefined) args.push('alibi: true');
  if (rest.scale !== undefined) args.push(`scale: ${rest.scale}`);
  if (rest.softcap !== undefined) args.push(`softcap: ${numberText(rest.softcap)}`);
  return args;
}

// ---------------------------------------------------------------- the file's own

/** Names of per-layer arguments that its text speaks of. */
function ownNeeds({ scale, window, localRope }: Attention): readonly string[] {
  const names: string[] = [];
  if (window?.layers === 'local' || localRope !== undefined) names.push('local');
  if (scale !== undefined && /^[a-z_]+$/.test(scale)) names.push(scale);
  return names;
}

export function perLayerNames({ perLayer }: Stack, needed: readonly string[]): readonly string[] {
  return (perLayer ?? []).map(({ name }) => name).filter((name) => needed.includes(name));
}

function ownBlock(stack: Stack): string {
  const { attention } = stack;
  const { rope, rotary, bias } = attention;
  const needed = perLayerNames(stack, ownNeeds(attention));
  const parameters = ['x: [N, d]'];
  if (rope?.frequencies !== undefined)
    parameters.push(`freqs: [${rotary === undefined ? 'd_k' : 'rotary'} / 2]`);
  for (const { name, type } of stack.perLayer ?? []) {
    if (needed.includes(name)) parameters.push(`${name}: ${type}`);
  }
  const body = [
    ...projected(attention),
    ...rotated(attention),
    ...sharedKeys(attention),
    ...scored(attention),
    'pattern = softmax(scores)',
    'z = pattern @ v',
    'param W_O: [heads * d_k, d]',
    ...(bias.out ? ['param b_O: [d] = zeros'] : []),
    `out = rearrange(z, "h n k -> n (h k)") @ W_O${bias.out ? ' + b_O' : ''}`,
    'return out',
  ];
  const lines = body.flatMap((line) => line.split('\n')).map((line) => `  ${line}`);
  return `/// ${aboutOf(attention)}\nblock Attention(${parameters.join(', ')}) -> [N, d] {\n${lines.join('\n')}\n}`;
}

/** What is not in the standard library's attention. */
function aboutOf(attention: Attention): string {
  const { projections, rotary, rope, qkNorm, localRope, window, bias, alibi } = attention;
  const parts: string[] = [];
  if (projections.kind.startsWith('by ')) {
    parts.push(`queries, keys and values from one matrix, ${projections.kind}`);
  }
  if (rotary !== undefined) parts.push('rotary positions on a part of every head');
  if (rope?.style === 'interleaved') parts.push('neighbouring pairs turned');
  if (rope !== undefined && rope.factor !== 1) parts.push('rotated queries and keys scaled');
  if (qkNorm !== undefined) parts.push('queries and keys normalised');
  if (window?.layers === 'local') parts.push('a window in local layers');
  if (localRope !== undefined) parts.push('frequencies of their own in local layers');
  if (bias.qkv !== bias.out)
    parts.push(bias.qkv ? 'no bias at the output' : 'a bias at the output only');
  if (alibi === 'before scale') parts.push('ALiBi before the scores are scaled');
  return `Attention with ${parts.join(', ')}.`;
}

function projected(attention: Attention): string[] {
  const { heads, kvHeads, projections, bias, qkNorm, clip } = attention;
  const kv = kvHeads === heads ? 'heads' : 'kv_heads';
  const lines: string[] = [];
  if (projections.kind === 'by head' || projections.kind === 'by group') {
    const width = projections.kind === 'by head' ? '3 * heads * d_k' : `(heads + 2 * ${kv}) * d_k`;
    lines.push(`param W_QKV: [d, ${width}]`);
    if (bias.qkv) lines.push(`param b_QKV: [${width}] = zeros`);
    lines.push(`qkv = x @ W_QKV${bias.qkv ? ' + b_QKV' : ''}`);
    lines.push(...(projections.kind === 'by head' ? splitByHead : splitByGroup(kv)));
  } else {
    for (const [name, count] of [
      ['Q', 'heads'],
      ['K', kv],
      ['V', kv],
    ]) {
      const small = name?.toLowerCase();
      lines.push(`param W_${name}: [d, ${count} * d_k]`);
      if (bias.qkv) lines.push(`param b_${name}: [${count} * d_k] = zeros`);
      lines.push(`${small} = x @ W_${name}${bias.qkv ? ` + b_${name}` : ''}`);
    }
    if (clip !== undefined) lines.push(...clipped(['q', 'k', 'v'], clip));
    if (qkNorm?.over === 'width') lines.push(...normalised(qkNorm.norm));
    lines.push('q = rearrange(q, "n (h k) -> h n k", h: heads)');
    lines.push(`k = rearrange(k, "n (h k) -> h n k", h: ${kv})`);
    lines.push(`v = rearrange(v, "n (h k) -> h n k", h: ${kv})`);
  }
  if (qkNorm?.over === 'head') lines.push(...normalised(qkNorm.norm));
  return lines;
}

const splitByHead = [
  'parts = rearrange(qkv, "n (h three k) -> three h n k", h: heads, three: 3)',
  'q = parts[0]',
  'k = parts[1]',
  'v = parts[2]',
];

function splitByGroup(kv: string): readonly string[] {
  return [
    `parts = rearrange(qkv, "n (g part k) -> part g n k", g: ${kv}, part: heads / ${kv} + 2)`,
    `q = rearrange(parts[0:heads / ${kv}], "part g n k -> (g part) n k")`,
    `k = parts[heads / ${kv}]`,
    `v = parts[heads / ${kv} + 1]`,
  ];
}

function clipped(names: readonly string[], clip: number): readonly string[] {
  return names.map(
    (name) => `${name} = min(max(${name}, -${numberText(clip)}), ${numberText(clip)})`,
  );
}

function normalised({ block, arguments: args }: Norm): readonly string[] {
  return ['q', 'k'].map(
    (name) => `${name} = ${block}(${[name, ...args].join(', ')}) as ${name}_norm`,
  );
}

function rotated({ rope, localRope, rotary }: Attention): readonly string[] {
  if (rope === undefined) return [];
  const turn = (name: string, by: Rope) => `${name} = ${ropeText(name, by, rotary)}`;
  if (localRope === undefined) return [turn('q', rope), turn('k', rope)];
  const both = (by: Rope) => `  ${turn('q', by)}\n  ${turn('k', by)}`;
  return [`if local {\n${both(localRope)}\n} else {\n${both(rope)}\n}`];
}

function ropeText(name: string, rope: Rope, rotary: number | undefined): string {
  const args: string[] = [];
  if (rope.frequencies !== undefined) args.push('freqs: freqs');
  else if (rope.base !== 10_000) args.push(`base: ${numberText(rope.base)}`);
  if (rope.style === 'interleaved') args.push('style: "interleaved"');
  const factor = rope.factor === 1 ? '' : `${numberText(rope.factor)} * `;
  if (rotary === undefined) return `${factor}rope(${[name, ...args].join(', ')})`;
  if (factor === '') return `rope(${[name, ...args, 'dim: rotary'].join(', ')})`;
  const turned = `rope(${[`${name}[..., 0:rotary]`, ...args].join(', ')})`;
  return `concat(${factor}${turned}, ${name}[..., rotary:])`;
}

function sharedKeys({ heads, kvHeads }: Attention): readonly string[] {
  if (heads === kvHeads) return [];
  return ['k = repeat_axis(k, heads / kv_heads, 0)', 'v = repeat_axis(v, heads / kv_heads, 0)'];
}

function scored(attention: Attention): readonly string[] {
  const { scale, softcap, alibi, causal, window } = attention;
  const scaled = scaleText(scale);
  const lines: string[] = [];
  if (alibi === 'before scale') lines.push('scores = alibi(q @ k.T)', `scores = scores${scaled}`);
  else lines.push(`scores = q @ k.T${scaled}`);
  if (softcap !== undefined) {
    const cap = numberText(softcap);
    lines.push(`scores = ${cap} * tanh(scores / ${cap})`);
  }
  if (alibi === 'after scale') lines.push('scores = alibi(scores)');
  if (causal) lines.push('scores = causal_mask(scores)');
  if (window?.layers === 'all') lines.push('scores = window_mask(scores, window)');
  if (window?.layers === 'local') {
    lines.push('if local {\n  scores = window_mask(scores, window)\n}');
  }
  return lines;
}

function scaleText(scale: string | undefined): string {
  if (scale === undefined) return ' / sqrt(d_k)';
  if (scale === '1') return '';
  return scale.startsWith('1 / ') ? ` / ${scale.slice(4)}` : ` * ${scale}`;
}

function frequenciesBlock({ rope, rotary }: Attention): string {
  const width = rotary === undefined ? 'd_k' : 'rotary';
  const lines = (rope?.frequencies ?? []).map((line) => `  ${line.replaceAll('WIDTH', width)}`);
  const plain = `  plain = pow(${numberText(rope?.base ?? 1)}, -2 * positions(${width} / 2) / ${width})`;
  return `/// Frequencies of the rotary positions, one for every pair of a head.\nblock RotaryFrequencies() -> [${width} / 2] {\n${[plain, ...lines].join('\n')}\n}`;
}
