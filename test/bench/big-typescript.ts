/** The same program in TypeScript, as far as its types can say it, and about as long. */
export function bigTypeScript(blocks = 20): string {
  return `${prelude}\n${Array.from({ length: blocks }, (_, i) => functionText(i)).join('\n')}`;
}

const prelude = `interface Tensor<Rows extends string, Columns extends string> {
  readonly rows: Rows;
  readonly columns: Columns;
  readonly data: readonly number[];
}
declare function matmul<A extends string, B extends string, C extends string>(
  left: Tensor<A, B>,
  right: Tensor<B, C>,
): Tensor<A, C>;
declare function add<A extends string, B extends string>(a: Tensor<A, B>, b: Tensor<A, B>): Tensor<A, B>;
declare function multiply<A extends string, B extends string>(a: Tensor<A, B>, b: Tensor<A, B>): Tensor<A, B>;
declare function scale<A extends string, B extends string>(a: Tensor<A, B>, by: number): Tensor<A, B>;
declare function norm<A extends string, B extends string>(a: Tensor<A, B>): Tensor<A, B>;
declare function softmax<A extends string, B extends string>(a: Tensor<A, B>): Tensor<A, B>;
declare function silu<A extends string, B extends string>(a: Tensor<A, B>): Tensor<A, B>;
declare function transpose<A extends string, B extends string>(a: Tensor<A, B>): Tensor<B, A>;
declare function parameter<A extends string, B extends string>(rows: A, columns: B, std: number): Tensor<A, B>;
`;

function functionText(i: number): string {
  return `/**
 * Variant ${i}: attention and a gated feed-forward network, written out.
 *
 * The scores are scaled by 1/√d_k, the heads are concatenated and mixed by W_O.
 */
export function variant${i}(
  x: Tensor<'N', 'd'>,
  causal = true,
): Tensor<'N', 'd'> {
  // Attention reads a normed copy of the stream.
  const normed = norm(x);
  const W_Q = parameter('d', 'k', 0.02);
  const W_K = parameter('d', 'k', 0.02);
  const W_V = parameter('d', 'k', 0.02);
  const W_O = parameter('k', 'd', 0.02);
  const q = matmul(normed, W_Q);
  const k = matmul(normed, W_K);
  const v = matmul(normed, W_V);
  let scores = scale(matmul(q, transpose(k)), 1 / Math.sqrt(16));
  if (causal) {
    scores = scale(scores, 1);
  }
  const pattern = softmax(scores);
  const z = matmul(pattern, v);
  const mixed = matmul(z, W_O);
  const first = add(x, mixed);

  // A gated feed-forward network.
  const wide = norm(first);
  const W_gate = parameter('d', 'h', 0.02);
  const W_up = parameter('d', 'h', 0.02);
  const W_down = parameter('h', 'd', 0.02);
  const b_up = parameter('N', 'h', 0);
  const gate = silu(matmul(wide, W_gate));
  const up = add(matmul(wide, W_up), b_up);
  const post = multiply(gate, up);
  const out = matmul(post, W_down);
  const second = add(first, out);

  // A last small correction.
  const shift = parameter('N', 'd', 0);
  const centred = add(second, scale(norm(second), -1));
  const corrected = add(scale(centred, 2), shift);
  return add(second, scale(corrected, 0.1));
}
`;
}
