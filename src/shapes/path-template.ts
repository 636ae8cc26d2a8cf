/** Paths in runs, in which a family of runs can give the indices: `blocks.[l].attn.z`. */
import { type Expression, type Path, pathPartsOf, pathText } from '../syntax/index.ts';
import type { PathTemplate } from './expression.ts';
import { type BodyScope, lengthIn } from './scope.ts';

/** Undefined for an expression that is no path, and where an index is broken (reported). */
export function pathTemplate(scope: BodyScope, node: Path | Expression): PathTemplate | undefined {
  const path = pathText(node, () => '[]');
  if (path === undefined) return undefined;
  const computed = (pathPartsOf(node) ?? []).filter((part) => part.$type === 'ComputedSegment');
  const indices = computed.flatMap(({ value }) => lengthIn(scope, value) ?? []);
  return indices.length < computed.length ? undefined : { path, indices };
}
