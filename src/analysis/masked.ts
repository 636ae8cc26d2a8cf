/** Tensors whose entries after the diagonal are constant: what masks make of scores, and what becomes of them. */
import type { NodeId, SketchNode } from '../graph/index.ts';
import type { Flow, HostTensor, Op } from '../ops/index.ts';
import { scalarsOf } from './constants.ts';
import type { Above, Values } from './reach-types.ts';

/** `undecided` where something that is not known may hide entries. */
export function aboveOf(values: Values, flow: Flow): Above | 'undecided' | undefined {
  const { sketch, id } = values;
  const { node } = sketch.nodes[id] as SketchNode;
  if (node.kind !== 'operator') return undefined;
  if (flow.hides !== undefined) {
    const { query, key, offset } = flow.hides;
    if (Number.isNaN(offset)) return 'undecided';
    const [q, k] = [flow.result.indexOf(query), flow.result.indexOf(key)];
    return { query: q, key: k, offset, value: -Infinity };
  }
  const carried = carriedOf(values, flow, node.op);
  if (carried !== undefined) return carried;
  return isPlain(flow) && node.operands.length > 1 ? probe(values, node.op) : undefined;
}

/** What an operator of one tensor makes of the mask that its operand has. */
function carriedOf({ sketch, id, above }: Values, flow: Flow, op: Op): Above | undefined {
  const { node } = sketch.nodes[id] as SketchNode;
  if (node.kind !== 'operator' || node.operands.length !== 1) return undefined;
  const [only] = node.operands;
  const mask = only && above[only.node];
  const labels = flow.operands[0];
  if (mask === undefined || labels === undefined) return undefined;
  const [queryLabel, keyLabel] = [labels[mask.query] ?? '', labels[mask.key] ?? ''];
  const [query, key] = [flow.result.indexOf(queryLabel), flow.result.indexOf(keyLabel)];
  if (query < 0 || key < 0) return undefined;
  const by = (label: string) => flow.shifts?.find((each) => each.label === label)?.by ?? 0;
  const offset = mask.offset + by(queryLabel) - by(keyLabel);
  if (op.role === 'softmax') {
    const hides = mask.value === -Infinity && flow.mixed?.includes(keyLabel);
    return hides ? { query, key, offset, value: 0 } : undefined;
  }
  if (op.operations === 0) return { query, key, offset, value: mask.value };
  if (!isPlain(flow)) return undefined;
  const [value] = scalarsOf(op, [[mask.value]]);
  return value === undefined ? undefined : { query, key, offset, value };
}

/** Index by index. */
function isPlain({ mixed, running, lost, shifts, picked, result, operands }: Flow): boolean {
  const [first] = operands;
  return (
    first !== undefined &&
    [mixed, running, lost, shifts].every((each) => each === undefined || each.length === 0) &&
    picked === undefined &&
    operands.every((labels) => labels.every((l) => result.includes(l) || l.startsWith('one')))
  );
}

/** Computes the entries after the diagonal twice, with other numbers for what is not known: are they the same? */
function probe(values: Values, op: Op): Above | 'undecided' | undefined {
  const { sketch, id, above, constants } = values;
  const { node } = sketch.nodes[id] as SketchNode;
  if (node.kind !== 'operator' || node.shape.length < 2) return undefined;
  const known = node.operands.map(({ node: of }) => ({
    of,
    rank: sketch.nodes[of]?.node.shape.length ?? 0,
    constant: constants(of),
    mask: above[of],
  }));
  const masks = known.flatMap(({ mask, rank }) =>
    mask === undefined ? [] : [{ ...mask, query: mask.query - rank, key: mask.key - rank }],
  );
  const isMatrix = ({ constant }: (typeof known)[number]) =>
    typeof constant === 'object' && constant.shape.length >= 2;
  if (masks.length === 0 && !known.some(isMatrix)) return undecided(values, known);
  const [first] = masks;
  const [queries, keys] = [node.shape.at(-2) ?? 0, node.shape.at(-1) ?? 0];
  const place = first ?? { query: -2, key: -1, offset: keys - queries };
  if (place.query !== -2 || place.key !== -1) return undefined;
  const entries = entriesAfter(queries, keys, place.offset);
  if (entries.length === 0) return undefined;
  const columns = (unknown: number) =>
    known.map(({ constant, mask }) =>
      entries.map(([i, j]) => {
        if (typeof constant === 'object') return entryOf(constant, i, j);
        return mask?.value ?? unknown;
      }),
    );
  const [once, again] = [scalarsOf(op, columns(0.37)), scalarsOf(op, columns(-2.11))];
  const [value] = once;
  const constant =
    value !== undefined &&
    once.every((entry) => Object.is(entry, value)) &&
    again.every((entry) => Object.is(entry, value));
  if (!constant) return undefined;
  const rank = node.shape.length;
  return { query: rank - 2, key: rank - 1, offset: place.offset, value };
}

/** A mask that comes as data, or a constant too large to look through, may hide any of the scores. */
function undecided(
  { reach, fed }: Values,
  operands: readonly {
    readonly of: NodeId;
    readonly rank: number;
    readonly constant: HostTensor | 'too large' | undefined;
  }[],
): 'undecided' | undefined {
  const isScores = ({ of, rank }: (typeof operands)[number]) =>
    [rank - 2, rank - 1].every((axis) => reach[of]?.terms.some((term) => term.axis === axis));
  if (!operands.some(isScores)) return undefined;
  const hides = operands.some(
    ({ of, rank, constant }) =>
      constant === 'too large' ||
      (constant?.data.some((value) => value < -1e4) ?? false) ||
      (rank >= 2 && fed.has(of) && (reach[of]?.terms.length ?? 0) === 0),
  );
  return hides ? 'undecided' : undefined;
}

function entriesAfter(queries: number, keys: number, offset: number) {
  const entries: (readonly [number, number])[] = [];
  for (let i = 0; i < queries; i++) {
    for (let j = Math.max(0, i + offset + 1); j < keys; j++) entries.push([i, j]);
  }
  return entries;
}

/** The entry of a constant that is broadcast to [..., queries, keys]; only its last two axes may vary. */
function entryOf({ shape, data }: HostTensor, i: number, j: number): number {
  const [rows, columns] = [shape.at(-2) ?? 1, shape.at(-1) ?? 1];
  return data[(rows === 1 ? 0 : i) * columns + (columns === 1 ? 0 : j)] ?? Number.NaN;
}
