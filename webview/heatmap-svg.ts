import {
  cellKind,
  cellMarks,
  colourIndex,
  colourMap,
  type Ground,
  type Matrix,
} from '../src/views/index.ts';
import { colourText } from './colours.ts';
import { axisLabel } from './heatmap-layout.ts';

/** Side of a cell, and room for labels, in the drawing's own units. */
const cell = 12;
const margin = { left: 70, top: 60 };

/** A heatmap as a drawing for papers: a rectangle per cell, with labels; masked and other cells in their marks' colour. */
export function heatmapSvg(matrix: Matrix, ground: Ground, title: string): string {
  const { rows, columns, stride, offset = [0, 0] } = matrix;
  const colours = colourMap(matrix.scale, ground);
  const parts: string[] = [];
  for (let row = 0; row < rows.size; row++) {
    for (let column = 0; column < columns.size; column++) {
      const value = matrix.values[row * columns.size + column] ?? Number.NaN;
      const kind = cellKind(value, matrix);
      const colour =
        kind === 'value'
          ? (colours[colourIndex(value, matrix.low, matrix.high)] ?? [0, 0, 0])
          : cellMarks[ground][kind].fill;
      const [x, y] = [margin.left + column * cell, margin.top + row * cell];
      parts.push(
        `<rect x="${x}" y="${y}" width="${cell}" height="${cell}" fill="${colourText(colour)}"/>`,
      );
    }
  }
  for (let row = 0; row < rows.size; row++) {
    const y = margin.top + (row + 0.75) * cell;
    const label = escaped(axisLabel(rows, row, stride[0], offset[0]));
    parts.push(`<text x="${margin.left - 4}" y="${y}" text-anchor="end">${label}</text>`);
  }
  for (let column = 0; column < columns.size; column++) {
    const x = margin.left + (column + 0.75) * cell;
    const label = escaped(axisLabel(columns, column, stride[1], offset[1]));
    parts.push(`<text transform="translate(${x} ${margin.top - 4}) rotate(-90)">${label}</text>`);
  }
  const width = margin.left + columns.size * cell + 4;
  const height = margin.top + rows.size * cell + 4;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="monospace" font-size="9" fill="currentColor"><title>${escaped(title)}</title>${parts.join('')}</svg>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
