import { expect, test } from 'vitest';
import { type Matrix, matrixOf } from '../../src/views/index.ts';
import { cellAt, layoutHeatmap } from '../../webview/heatmap-layout.ts';

function matrix(rows: number, columns: number, labels?: readonly string[]): Matrix {
  return matrixOf({
    rows: { name: 'N', size: rows, labels },
    columns: { name: 'N', size: columns, labels },
    values: new Float32Array(rows * columns),
    scale: 'sequential',
  });
}

const measure = (text: string) => text.length * 7;

test.each([300, 640, 1600])('in %d pixels, nothing is wider than the room', (width) => {
  for (const form of ['rows', 'square'] as const) {
    const layout = layoutHeatmap(matrix(64, 64, Array(64).fill('wonderful')), width, form, measure);
    expect(layout.left + layout.mapWidth).toBeLessThanOrEqual(width);
    expect(layout.cellWidth).toBeGreaterThan(0);
  }
});

test('a square map has square cells, no larger than is good to look at', () => {
  const layout = layoutHeatmap(matrix(3, 3), 900, 'square', measure);
  expect([layout.cellWidth, layout.cellHeight]).toEqual([30, 30]);
});

test('labels are as many as there is room for, at round steps', () => {
  const few = layoutHeatmap(matrix(10, 10), 600, 'square', measure);
  const many = layoutHeatmap(matrix(512, 512), 600, 'square', measure);
  expect(few.rowEvery).toBe(1);
  expect(many.rowEvery).toBe(20);
});

test('a point is a cell, or beside the map', () => {
  const layout = layoutHeatmap(matrix(3, 4), 900, 'square', measure);
  const x = layout.left + 3.5 * layout.cellWidth;
  expect(cellAt(layout, x, layout.top + 1)).toEqual({ row: 0, column: 3 });
  expect(cellAt(layout, layout.left - 1, layout.top + 1)).toBeUndefined();
  expect(cellAt(layout, layout.left + layout.mapWidth, layout.top + 1)).toBeUndefined();
});

test('an empty matrix has a layout', () => {
  const layout = layoutHeatmap(matrix(0, 0), 300, 'rows', measure);
  expect(cellAt(layout, layout.left + 1, layout.top + 1)).toEqual({ row: 0, column: 0 });
});
