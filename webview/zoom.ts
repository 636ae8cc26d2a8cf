import { useEffect, useMemo, useState } from 'preact/hooks';
import { cropMatrix, type Matrix, type MatrixWindow } from '../src/views/index.ts';

/** Reads a window of the tensor that a matrix is a picture of, in the tensor's own rows and columns. */
export type ReadWindow = (window: MatrixWindow) => Promise<Matrix>;

/** What is seen of a map: a window in cells of the tensor; undefined shows all of it. */
export interface Zoom {
  /** The part to draw. */
  readonly shown: Matrix;
  readonly window: MatrixWindow | undefined;
  /** Enlarges (factor above 1) or shrinks about a place, given as a share of what is seen. */
  readonly by: (factor: number, about?: { readonly x: number; readonly y: number }) => void;
  /** Puts the window's corner at a column and a row. */
  readonly move: (left: number, top: number) => void;
  readonly reset: () => void;
  /** What is seen changes with every frame: it need not be exact yet. */
  readonly isMoving: boolean;
}

/** The fewest cells that fill a map. */
const fewest = 8;
/** A window that is asked for, after the movement has come to rest. */
const rest = 120;

/**
 * A window onto a matrix. It is cut out of what is here at once; where that has been pooled, and there is somebody to
 * ask, the exact values of the window are read when the movement rests.
 */
export function useZoom(matrix: Matrix, read: ReadWindow | undefined): Zoom {
  const [window, setWindow] = useState<MatrixWindow>();
  const [exact, setExact] = useState<{ readonly window: MatrixWindow; readonly matrix: Matrix }>();
  const full = fullWindow(matrix);
  const key = `${matrix.rows.size}×${matrix.columns.size}×${matrix.stride.join()}`;
  useEffect(() => setWindow(undefined), [key]);
  useEffect(() => setExact(undefined), [matrix]);
  const [settled, setSettled] = useState<MatrixWindow>();
  useEffect(() => {
    const timer = setTimeout(() => setSettled(window), rest);
    return () => clearTimeout(timer);
  }, [window]);
  useEffect(() => {
    if (window === undefined || read === undefined || matrix.stride.every((each) => each === 1)) {
      return;
    }
    let current = true;
    const timer = setTimeout(() => {
      read(window).then(
        (found) => current && setExact({ window, matrix: found }),
        () => current && setExact(undefined),
      );
    }, rest);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [window, matrix]);
  const shown = useMemo(() => {
    if (window === undefined) return matrix;
    if (exact !== undefined && same(exact.window, window)) return exact.matrix;
    const [down, across] = matrix.stride;
    return cropMatrix(matrix, {
      top: Math.floor(window.top / down),
      left: Math.floor(window.left / across),
      rows: Math.ceil(window.rows / down),
      columns: Math.ceil(window.columns / across),
    });
  }, [matrix, window, exact]);
  const show = (next: MatrixWindow) => setWindow(same(next, full) ? undefined : next);
  const now = window ?? full;
  return {
    shown,
    window,
    by: (factor, about = { x: 0.5, y: 0.5 }) => show(zoomed(now, full, factor, about)),
    move: (left, top) => show(placed(now, full, left, top)),
    reset: () => setWindow(undefined),
    isMoving: window !== undefined && window !== settled,
  };
}

function fullWindow({ rows, columns, stride }: Matrix): MatrixWindow {
  return { top: 0, left: 0, rows: rows.size * stride[0], columns: columns.size * stride[1] };
}

function zoomed(
  now: MatrixWindow,
  full: MatrixWindow,
  factor: number,
  about: { readonly x: number; readonly y: number },
): MatrixWindow {
  const size = (length: number, most: number) =>
    Math.max(Math.min(fewest, most), Math.min(most, Math.round(length / factor)));
  const rows = size(now.rows, full.rows);
  const columns = size(now.columns, full.columns);
  const left = now.left + about.x * (now.columns - columns);
  const top = now.top + about.y * (now.rows - rows);
  return placed({ ...now, rows, columns }, full, left, top);
}

function placed(now: MatrixWindow, full: MatrixWindow, left: number, top: number): MatrixWindow {
  return {
    ...now,
    left: Math.round(Math.max(0, Math.min(full.columns - now.columns, left))),
    top: Math.round(Math.max(0, Math.min(full.rows - now.rows, top))),
  };
}

function same(a: MatrixWindow, b: MatrixWindow): boolean {
  return a.top === b.top && a.left === b.left && a.rows === b.rows && a.columns === b.columns;
}
