import { expect, test } from 'vitest';
import {
  cellMarks,
  colourMap,
  heatmapPixels,
  type Matrix,
  marksIn,
  matrixOf,
  type Pixels,
  poolMatrix,
} from '../../src/views/index.ts';

function matrix(rows: number, columns: number, values: readonly number[], parts = {}): Matrix {
  return matrixOf({
    rows: { name: 'N', size: rows, labels: undefined },
    columns: { name: 'd', size: columns, labels: undefined },
    values: Float32Array.from(values),
    scale: 'diverging',
    ...parts,
  });
}

function colourAt(pixels: Pixels, x: number, y: number): readonly number[] {
  const at = (y * pixels.width + x) * 4;
  return [...pixels.rgba.subarray(at, at + 3)];
}

test('every cell is a rectangle of its colour; the picture has exactly the asked size', () => {
  const pixels = heatmapPixels(matrix(1, 2, [-1, 1]), { width: 5, height: 2 }, 'light');
  const colours = colourMap('diverging', 'light');
  expect([pixels.width, pixels.height, pixels.rgba.length]).toEqual([5, 2, 40]);
  expect(colourAt(pixels, 0, 0)).toEqual(colours[0]);
  expect(colourAt(pixels, 2, 1)).toEqual(colours[0]);
  expect(colourAt(pixels, 3, 0)).toEqual(colours[255]);
});

test('NaN, infinities and masked cells have their own colours', () => {
  const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  const map = matrix(1, 4, values, { masked: 'zeros' });
  const pixels = heatmapPixels(map, { width: 4, height: 1 }, 'dark');
  const { nan, plusInfinity, minusInfinity, masked } = cellMarks.dark;
  expect([0, 1, 2, 3].map((x) => colourAt(pixels, x, 0))).toEqual(
    [nan, plusInfinity, minusInfinity, masked].map((mark) => mark.fill),
  );
  expect(marksIn(map)).toEqual(['masked', 'minusInfinity', 'nan', 'plusInfinity']);
});

test('large cells carry lines as well, so that colour is not all that tells them apart', () => {
  const pixels = heatmapPixels(matrix(1, 1, [Number.NaN]), { width: 12, height: 12 }, 'dark');
  expect(colourAt(pixels, 0, 0)).toEqual(cellMarks.dark.nan.lines);
  expect(colourAt(pixels, 1, 0)).toEqual(cellMarks.dark.nan.fill);
});

test('a zero is an ordinary value where nothing is masked', () => {
  expect(marksIn(matrix(1, 2, [0, 1]))).toEqual([]);
});

test.each(['light', 'dark'] as const)('on %s, nothing fades into the ground', (ground) => {
  const brightness = (rgb: readonly number[] = []) => rgb.reduce((sum, each) => sum + each, 0);
  const diverging = colourMap('diverging', ground);
  const sequential = colourMap('sequential', ground);
  const sign = ground === 'dark' ? 1 : -1;
  expect(sign * brightness(diverging[0])).toBeGreaterThan(sign * brightness(diverging[128]));
  expect(sign * brightness(diverging[255])).toBeGreaterThan(sign * brightness(diverging[128]));
  expect(sign * brightness(sequential[255])).toBeGreaterThan(sign * brightness(sequential[0]));
});

test('pooling keeps the value of greatest magnitude, with its sign, and says what a cell stands for', () => {
  const pooled = poolMatrix(matrix(2, 4, [0, 1, 0, 0, 0, -5, 2, 0]), { rows: 1, columns: 2 });
  expect([...pooled.values]).toEqual([-5, 2]);
  expect(pooled.stride).toEqual([2, 2]);
  expect([pooled.low, pooled.high]).toEqual([-5, 5]);
});

test('a NaN stays visible however much is pooled', () => {
  const values = [1, 2, Number.NaN, Number.POSITIVE_INFINITY];
  expect([...poolMatrix(matrix(1, 4, values), { rows: 1, columns: 1 }).values]).toEqual([
    Number.NaN,
  ]);
});

test('an empty tensor is an empty picture', () => {
  const pixels = heatmapPixels(matrix(0, 4, []), { width: 2, height: 2 }, 'dark');
  expect(pixels.rgba.every((byte) => byte === 0)).toBe(true);
});
