import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** The room an element has, in CSS pixels, and how many device pixels each is: both change what a canvas must draw. */
export interface Room {
  readonly width: number;
  readonly ratio: number;
}

/** Follows the width of an element and the zoom of the window. */
export function useRoom(element: RefObject<HTMLElement | null>): Room {
  const [room, setRoom] = useState<Room>({ width: 0, ratio: 1 });
  useEffect(() => {
    const { current } = element;
    if (current === null) return;
    const update = () => {
      const next = { width: Math.floor(current.clientWidth), ratio: window.devicePixelRatio };
      setRoom((last) => (last.width === next.width && last.ratio === next.ratio ? last : next));
    };
    const observer = new ResizeObserver(update);
    observer.observe(current);
    window.addEventListener('resize', update);
    update();
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', update);
    };
  }, [element]);
  return room;
}
