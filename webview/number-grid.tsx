import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { cellKind, type Matrix, type MatrixWindow, numberText } from '../src/views/index.ts';
import { cellStyle, signedColour, weightColour } from './colours.ts';
import { strings } from './strings.ts';
import { useTheme } from './theme.tsx';
import type { ReadWindow } from './zoom.ts';

interface NumberGridProps {
  readonly title: string;
  /** The whole slice, perhaps pooled: for its size and its range. */
  readonly matrix: Matrix;
  readonly read: ReadWindow;
}

const size = { row: 20, column: 74, head: 46 };
const most = { height: 420 };
/** Cells beyond the edges that are drawn as well, so that scrolling shows no holes. */
const spare = 4;

/** The numbers themselves: only those in sight are read and drawn, however large the slice is. */
export function NumberGrid({ title, matrix, read }: NumberGridProps) {
  const frame = useRef<HTMLElement>(null);
  const rows = matrix.rows.size * matrix.stride[0];
  const columns = matrix.columns.size * matrix.stride[1];
  const [window, setWindow] = useState<MatrixWindow>({ top: 0, left: 0, rows: 0, columns: 0 });
  const [cells, setCells] = useState<{ readonly window: MatrixWindow; readonly matrix: Matrix }>();
  const look = () => {
    if (frame.current !== null) setWindow(inSight(frame.current, rows, columns));
  };
  useEffect(look, [rows, columns]);
  useEffect(() => {
    let current = true;
    if (window.rows === 0) return;
    read(window).then(
      (found) => current && setCells({ window, matrix: found }),
      () => current && setCells(undefined),
    );
    return () => {
      current = false;
    };
  }, [window.top, window.left, window.rows, window.columns, matrix]);
  return (
    <div class="number-grid">
      <section
        ref={frame}
        class="scroll"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
        tabIndex={0}
        aria-label={title}
        style={{ height: `${Math.min(most.height, (rows + 1) * size.row + 16)}px` }}
        onScroll={look}
      >
        <div
          class="number-room"
          style={{
            width: `${size.head + columns * size.column}px`,
            height: `${(rows + 1) * size.row}px`,
          }}
        >
          {cells !== undefined && <Cells {...cells} range={matrix} />}
        </div>
      </section>
      <p class="muted">{strings.tensor.grid(rows, columns)}</p>
    </div>
  );
}

interface CellsProps {
  readonly window: MatrixWindow;
  readonly matrix: Matrix;
  readonly range: Matrix;
}

function Cells({ window, matrix, range }: CellsProps) {
  const { ground } = useTheme();
  const styleOf = useMemo(() => {
    const { low, high, scale } = range;
    return (value: number) =>
      cellStyle(
        scale === 'diverging'
          ? signedColour(ground, value, high)
          : weightColour(ground, (value - low) / (high - low || 1)),
      );
  }, [range, ground]);
  const place = {
    insetInlineStart: `${window.left * size.column}px`,
    top: `${window.top * size.row}px`,
  };
  return (
    <table class="number-cells" style={place}>
      <thead>
        <tr>
          <td class="corner" />
          {Array.from({ length: matrix.columns.size }, (_, column) => (
            <th key={column} scope="col">
              {window.left + column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {Array.from({ length: matrix.rows.size }, (_, row) => (
          <tr key={row}>
            <th scope="row">{window.top + row}</th>
            {Array.from({ length: matrix.columns.size }, (__, column) => {
              const value = matrix.values[row * matrix.columns.size + column] ?? Number.NaN;
              const isValue = cellKind(value, matrix) === 'value';
              return (
                <td
                  key={column}
                  class={isValue ? '' : 'odd'}
                  title={String(value)}
                  style={isValue ? styleOf(value) : {}}
                >
                  {numberText(value)}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function inSight(frame: HTMLElement, rows: number, columns: number): MatrixWindow {
  const top = Math.max(0, Math.floor(frame.scrollTop / size.row) - spare);
  const left = Math.max(0, Math.floor(frame.scrollLeft / size.column) - spare);
  const down = Math.ceil(frame.clientHeight / size.row) + 2 * spare;
  const across = Math.ceil(frame.clientWidth / size.column) + 2 * spare;
  return {
    top,
    left,
    rows: Math.min(rows - top, down),
    columns: Math.min(columns - left, across),
  };
}
