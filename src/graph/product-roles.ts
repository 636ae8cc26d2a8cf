/** What the positions of tokens are to a product of matrices. */
import { type Product, stridesOf } from '../ops/index.ts';

/** Where an operand's positions are: an axis of the stack, its own rows or columns, or what is summed over. */
export type Role =
  | { readonly kind: 'batch'; readonly at: number }
  | { readonly kind: 'outer' | 'inner' };

export function roleOf(
  form: Product,
  side: 'a' | 'b',
  shape: readonly number[],
  axis: number,
  count: number,
): Role | undefined {
  const stride = stridesOf(shape)[axis];
  const own = side === 'a' ? [form.rows, form.inner] : [form.inner, form.columns];
  const lengths = [...form.batch, ...own];
  const at = form[side].strides.findIndex((each, i) => each === stride && lengths[i] === count);
  if (at < 0) return undefined;
  if (at < form.batch.length) return { kind: 'batch', at };
  return { kind: (at === form.batch.length) === (side === 'a') ? 'outer' : 'inner' };
}
