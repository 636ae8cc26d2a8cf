/**
 * Two shapes under each other, the axes that meet in one column:
 *
 *     x  [N, d]        = [3,  4]
 *     W     [d_ff, d]  =     [16, 4]
 *            ~~~~
 */
import { type Dim, formatDim, formatShape, type Shape } from '../dims/index.ts';
import { type DimFacts, numberOf } from './dim-facts.ts';

/** One of the two sides: a tensor and the axis in question, or a bare length. */
export interface Side {
  /** How the user wrote it, shortened. */
  readonly label: string;
  readonly shape: Shape | undefined;
  readonly axis: Dim;
  /** Which axis of the shape it is, from 0. */
  readonly at: number | undefined;
}

interface Row {
  readonly label: string;
  readonly symbolic: readonly string[];
  /** Undefined where numbers would say nothing new. */
  readonly numeric: readonly string[] | undefined;
  /** The column of the first cell. */
  readonly first: number;
}

/** One line per side that has a shape, and below them a mark under the axes in question. */
export function alignedSides(facts: DimFacts, sides: readonly Side[]): readonly string[] {
  const shaped = sides.filter((side) => side.shape !== undefined);
  const places = shaped.map(({ shape, at }) => (shape?.lead ? 1 : 0) + (at ?? 0));
  const marked = Math.max(0, ...places);
  const rows = shaped.flatMap((side, i): readonly Row[] => {
    const { shape, label } = side;
    if (shape === undefined) return [];
    const first = side.at === undefined ? 0 : marked - (places[i] ?? 0);
    return [{ label, ...cellsOf(facts, shape), first }];
  });
  const labels = widest(rows.map(({ label }) => label));
  const symbolic = columns(rows.map((row) => ({ cells: row.symbolic, first: row.first })));
  const numeric = columns(rows.map((row) => ({ cells: row.numeric ?? [], first: row.first })));
  const lines = rows.map((row, i) => {
    const numbers = row.numeric === undefined ? '' : `  = ${numeric.lines[i] ?? ''}`;
    return `  ${row.label.padEnd(labels)}  ${symbolic.lines[i] ?? ''}${numbers}`.trimEnd();
  });
  const mark = sides.some(({ shape, at }) => shape !== undefined && at !== undefined)
    ? [`  ${' '.repeat(labels)}  ${symbolic.mark(marked)}`]
    : [];
  return [...lines, ...mark];
}

function cellsOf(facts: DimFacts, shape: Shape): Pick<Row, 'symbolic' | 'numeric'> {
  const lead = shape.lead ? ['...'] : [];
  const lengths = shape.axes.map((axis) => `${numberOf(facts, axis) ?? '?'}`);
  const numbers = [...lead, ...lengths];
  const known = lengths.some((length) => length !== '?');
  const differs = `[${numbers.join(', ')}]` !== formatShape(shape);
  return {
    symbolic: [...lead, ...shape.axes.map(formatDim)],
    numeric: known && differs ? numbers : undefined,
  };
}

interface Cells {
  readonly cells: readonly string[];
  readonly first: number;
}

function columns(rows: readonly Cells[]): {
  readonly lines: readonly string[];
  readonly mark: (column: number) => string;
} {
  const count = Math.max(0, ...rows.map(({ cells, first }) => first + cells.length));
  const cellAt = ({ cells, first }: Cells, column: number) => cells[column - first] ?? '';
  const widths = Array.from({ length: count }, (_, column) =>
    widest(rows.map((row) => cellAt(row, column))),
  );
  const lines = rows.map((row) => {
    if (row.cells.length === 0) return '[]';
    const last = row.first + row.cells.length - 1;
    return widths
      .map((width, column) => {
        if (column < row.first || column > last) return ' '.repeat(width + 2);
        const open = column === row.first ? '[' : ' ';
        return `${open}${cellAt(row, column)}${column === last ? ']' : ','}`.padEnd(width + 2);
      })
      .join('');
  });
  const mark = (column: number) => {
    const before = widths.slice(0, column).reduce((sum, width) => sum + width + 2, 1);
    return `${' '.repeat(before)}${'~'.repeat(widths[column] ?? 0)}`;
  };
  return { lines, mark };
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => [...text].length));
}
