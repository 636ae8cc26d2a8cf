/** Operators that are made for a graph, not written in a program. */
import { concat } from './concat.ts';
import { expand } from './expand.ts';
import type { StridedView } from './families/row-major.ts';
import { arranged } from './families/strided.ts';
import type { Op } from './op.ts';

/** Joins its `parts` along `axis`. */
export const joinOp: Op = concat;

/** Reads `x` through a view. The node carries the view among its attributes too, since those tell nodes apart. */
export function viewOp(view: StridedView): Op {
  return { ...expand, name: 'view', ...arranged(() => view) };
}
