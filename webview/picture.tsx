import { useLayoutEffect, useRef } from 'preact/hooks';
import { heatmapPixels, type Matrix } from '../src/views/index.ts';
import { putPixels } from './heatmap-drawing.ts';
import { useTheme } from './theme.tsx';

interface PictureProps {
  readonly matrix: Matrix;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
}

/** A matrix as colours and nothing else: a thumbnail, a colour bar. What it shows is said in text beside it. */
export function Picture({ matrix, width, height }: PictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useTheme();
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!canvas.current || !context) return;
    const ratio = window.devicePixelRatio;
    canvas.current.width = Math.round(width * ratio);
    canvas.current.height = Math.round(height * ratio);
    const size = { width: canvas.current.width, height: canvas.current.height };
    putPixels(context, heatmapPixels(matrix, size, theme.ground), 0, 0);
  }, [matrix, width, height, theme]);
  return (
    <canvas ref={canvas} class="picture" style={{ width: `${width}px`, height: `${height}px` }} />
  );
}
