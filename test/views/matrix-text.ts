import { cellKind, type Matrix, type MatrixAxis, numberText } from '../../src/views/index.ts';

/** A matrix as a table: labels on both sides, masked cells as a dot, then the range of the colours. */
export function matrixText(matrix: Matrix): string {
  const head = ['', ...labels(matrix.columns)];
  const rows = labels(matrix.rows).map((label, row) => [
    label,
    ...Array.from({ length: matrix.columns.size }, (_, column) => {
      const value = matrix.values[row * matrix.columns.size + column] ?? Number.NaN;
      return cellKind(value, matrix) === 'masked' ? '·' : numberText(value);
    }),
  ]);
  const range = `${matrix.scale} ${numberText(matrix.low)} … ${numberText(matrix.high)}`;
  const stride = matrix.stride.join(' × ');
  return `${tableText([head, ...rows])}\n${range}, 1 cell = ${stride}`;
}

/** Columns padded to line up, no trailing blanks. */
export function tableText(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  }
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padStart(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function labels(axis: MatrixAxis): readonly string[] {
  return Array.from({ length: axis.size }, (_, i) => axis.labels?.[i] ?? `${axis.name}${i}`);
}
