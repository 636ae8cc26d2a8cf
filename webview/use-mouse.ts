import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { MatrixWindow } from '../src/views/index.ts';
import { cellAt, type HeatmapLayout } from './heatmap-layout.ts';
import type { Zoom } from './zoom.ts';

interface MouseInput {
  readonly layout: HeatmapLayout;
  readonly zoom: Zoom;
  readonly onPoint: (cell: { readonly row: number; readonly column: number } | undefined) => void;
  readonly onPick: (cell: { readonly row: number; readonly column: number } | undefined) => void;
}

/** Where the button went down, and what was seen then. */
interface Drag {
  readonly x: number;
  readonly y: number;
  readonly window: MatrixWindow | undefined;
  moved: boolean;
}

/** How far the mouse may slip during a click. */
const slip = 4;

/** Points by moving, picks by a click, drags what is enlarged, and zooms by the wheel with Ctrl (a pinch). */
export function useMouse(canvas: RefObject<HTMLCanvasElement | null>, input: MouseInput) {
  const latest = useRef(input);
  latest.current = input;
  const drag = useRef<Drag>(undefined);
  useEffect(() => {
    const { current } = canvas;
    const wheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const { layout, zoom } = latest.current;
      const x = (event.offsetX - layout.left) / layout.mapWidth;
      const y = (event.offsetY - layout.top) / layout.mapHeight;
      zoom.by(Math.exp(-event.deltaY / 240), { x, y });
    };
    // A listener that may prevent scrolling has to say so.
    current?.addEventListener('wheel', wheel, { passive: false });
    return () => current?.removeEventListener('wheel', wheel);
  }, [canvas]);
  const cellOf = (event: MouseEvent) => cellAt(latest.current.layout, event.offsetX, event.offsetY);
  return {
    onPointerDown: (event: PointerEvent) => {
      const { window } = latest.current.zoom;
      drag.current = { x: event.offsetX, y: event.offsetY, window, moved: false };
    },
    onPointerMove: (event: PointerEvent) => {
      const { layout, zoom, onPoint } = latest.current;
      const from = drag.current;
      if (from?.window === undefined || event.buttons !== 1) {
        onPoint(cellOf(event));
        return;
      }
      const [x, y] = [event.offsetX - from.x, event.offsetY - from.y];
      if (!from.moved && Math.hypot(x, y) < slip) return;
      from.moved = true;
      const { left, top, columns, rows } = from.window;
      zoom.move(left - (x / layout.mapWidth) * columns, top - (y / layout.mapHeight) * rows);
    },
    onPointerLeave: () => {
      drag.current = undefined;
      latest.current.onPoint(undefined);
    },
    onClick: (event: MouseEvent) => {
      if (drag.current?.moved !== true) latest.current.onPick(cellOf(event));
      drag.current = undefined;
    },
  };
}
