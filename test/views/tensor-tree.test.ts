import { expect, test } from 'vitest';
import { type TensorEntry, type TensorTreeItem, tensorTree } from '../../src/views/index.ts';

function entry(path: string): TensorEntry {
  const source = { uri: 'block.tblock', start: 0, end: 1 };
  return { path, axes: [], role: 'intermediate', operator: '', source };
}

function treeText(items: readonly TensorTreeItem[], indent = ''): string {
  return items
    .map((item) =>
      item.kind === 'tensor'
        ? `${indent}${item.name}\n`
        : `${indent}${item.name}/\n${treeText(item.items, `${indent}  `)}`,
    )
    .join('');
}

test('paths are a tree; copies of a block are groups beside one another', () => {
  const paths = ['x#0', 'blocks.0.attn.q', 'blocks.0.x#1', 'blocks.1.attn.q', 'blocks.0.attn', 'y'];
  expect(treeText(tensorTree(paths.map(entry)))).toBe(`x#0
blocks/
  0/
    attn/
      q
    x#1
    attn
  1/
    attn/
      q
y
`);
});
