import type { TensorEntry } from './protocol.ts';

/** The tensors of a run in the order and nesting of their paths. */
export type TensorTreeItem =
  | { readonly kind: 'tensor'; readonly name: string; readonly tensor: TensorEntry }
  | {
      readonly kind: 'group';
      readonly name: string;
      /** `blocks.0.attn`. */
      readonly path: string;
      readonly items: readonly TensorTreeItem[];
    };

/** A group for every part of the paths but the last; siblings stay in the order in which they first appear. */
export function tensorTree(tensors: readonly TensorEntry[]): readonly TensorTreeItem[] {
  return itemsAt(
    tensors.map((tensor) => ({ tensor, parts: tensor.path.split('.') })),
    '',
  );
}

interface Placed {
  readonly tensor: TensorEntry;
  /** What of the path is left below here. */
  readonly parts: readonly string[];
}

function itemsAt(placed: readonly Placed[], prefix: string): readonly TensorTreeItem[] {
  const groups = new Map<string, Placed[]>();
  const items: (TensorTreeItem | string)[] = [];
  for (const { tensor, parts } of placed) {
    const [name = '', ...below] = parts;
    if (below.length === 0) {
      items.push({ kind: 'tensor', name, tensor });
      continue;
    }
    if (!groups.has(name)) items.push(name);
    groups.set(name, [...(groups.get(name) ?? []), { tensor, parts: below }]);
  }
  return items.map((item) => {
    if (typeof item !== 'string') return item;
    const path = prefix === '' ? item : `${prefix}.${item}`;
    return { kind: 'group', name: item, path, items: itemsAt(groups.get(item) ?? [], path) };
  });
}
