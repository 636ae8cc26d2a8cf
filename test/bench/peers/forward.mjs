/** The workloads, written once for every peer in JavaScript: `ops` are its operators, `keep` names a value. */

/** @param work what the benchmark sends @param ops operators @param keep (name, value) => value */
export function forward(work, ops, keep) {
  switch (work.model) {
    case 'product':
      return keep('y', ops.matmul(ops.input('a'), ops.param('b')));
    case 'post-norm':
      return stack(work, ops, keep, ops.input('x'), postNorm);
    case 'gpt2':
    case 'gpt2-cached':
      return gpt2(work, ops, keep);
    default:
      throw new Error(`There is no ${work.model} here.`);
  }
}

function gpt2(work, ops, keep) {
  const embedding = ops.param('wte');
  const positions = ops.rows(ops.param('wpe'), work.past, work.tokens.length);
  const x = keep('blocks.0.x#0', ops.add(ops.gather(embedding, ops.input('tokens')), positions));
  const normed = norm(ops, keep, 'ln_f', stack(work, ops, keep, x, preNorm));
  return keep('logits', ops.matmulTransposed(normed, embedding));
}

function stack(work, ops, keep, x, block) {
  let stream = x;
  for (let i = 0; i < work.layers; i += 1) stream = block(work, ops, keep, i, stream);
  return stream;
}

function preNorm(work, ops, keep, layer, x) {
  const at = `blocks.${layer}`;
  const attended = attention(work, ops, keep, layer, norm(ops, keep, `${at}.ln_1`, x));
  const middle = keep(`${at}.x#1`, ops.add(x, attended));
  const mlp = feedForward(ops, keep, `${at}.mlp`, norm(ops, keep, `${at}.ln_2`, middle), ops.gelu);
  return keep(`${at}.x#2`, ops.add(middle, mlp));
}

function postNorm(work, ops, keep, layer, x) {
  const at = `blocks.${layer}`;
  const attended = attention(work, ops, keep, layer, x);
  const middle = norm(ops, keep, `${at}.ln_1`, keep(`${at}.x#1`, ops.add(x, attended)));
  const mlp = feedForward(ops, keep, `${at}.mlp`, middle, ops.relu);
  return norm(ops, keep, `${at}.ln_2`, keep(`${at}.x#3`, ops.add(middle, mlp)));
}

function norm(ops, keep, at, x) {
  return keep(at, ops.layerNorm(x, ops.param(`${at}.gamma`), ops.param(`${at}.beta`)));
}

function attention(work, ops, keep, layer, x) {
  const at = `blocks.${layer}.attn`;
  const heads = (name) => ops.splitHeads(affine(ops, at, x, `W_${name}`, `b_${name}`), work.heads);
  const past = (name, now) =>
    work.past === 0 ? now : ops.concat(ops.inputPart(`past_${name}`, layer), now);
  const q = keep(`${at}.q`, heads('Q'));
  const k = keep(`${at}.k`, past('k', heads('K')));
  const v = keep(`${at}.v`, past('v', heads('V')));
  const scaled = ops.scale(ops.matmulTransposed(q, k), 1 / Math.sqrt(work.width / work.heads));
  const scores = keep(`${at}.scores`, work.causal ? ops.causalMask(scaled) : scaled);
  const pattern = keep(`${at}.pattern`, ops.softmax(scores));
  const z = keep(`${at}.z`, ops.matmul(pattern, v));
  return keep(`${at}.out`, affine(ops, at, ops.mergeHeads(z), 'W_O', 'b_O'));
}

function feedForward(ops, keep, at, x, activation) {
  const pre = keep(`${at}.pre`, affine(ops, at, x, 'W_1', 'b_1'));
  const post = keep(`${at}.post`, activation(pre));
  return keep(`${at}.out`, affine(ops, at, post, 'W_2', 'b_2'));
}

function affine(ops, at, x, weights, bias) {
  return ops.add(ops.matmul(x, ops.param(`${at}.${weights}`)), ops.param(`${at}.${bias}`));
}
