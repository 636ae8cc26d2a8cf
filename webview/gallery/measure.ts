/** What the benchmark measures on the page: when a map has been drawn anew, how many are drawn while one is moved, and what crosses. */

/** Bytes of what crossed the line so far: numbers as they travel, everything else as JSON. */
export function bytesOf(message: unknown): number {
  let binary = 0;
  const text = JSON.stringify(message, (_, value: unknown) => {
    if (!ArrayBuffer.isView(value)) return value;
    binary += value.byteLength;
    return null;
  });
  return binary + (text?.length ?? 0);
}

type Watcher = (canvas: HTMLCanvasElement) => void;
const watchers = new Set<Watcher>();

/** From now on whoever watches is told of every map that is drawn. */
export function watchDrawing(): void {
  const { prototype } = CanvasRenderingContext2D;
  // A map is wiped once for every time that it is drawn.
  const wipe = prototype.clearRect;
  prototype.clearRect = function clearRect(this: CanvasRenderingContext2D, ...args) {
    wipe.apply(this, args);
    for (const watcher of watchers) watcher(this.canvas);
  };
}

/** Milliseconds from the act to the first frame after a map that the selector finds has been drawn. */
export function timeToDraw(selector: string, act: () => void): Promise<number> {
  return new Promise((done) => {
    const start = performance.now();
    const watcher: Watcher = (canvas) => {
      if (!canvas.matches(selector)) return;
      watchers.delete(watcher);
      requestAnimationFrame(() => done(performance.now() - start));
    };
    watchers.add(watcher);
    act();
  });
}

/** Maps drawn in a second while one is dragged, a little with every frame. */
export async function dragRate(selector: string, steps: number): Promise<number> {
  const canvas = document.querySelector(selector);
  if (canvas === null) return 0;
  const { left, top } = canvas.getBoundingClientRect();
  const point = (type: string, step: number) => {
    const [clientX, clientY] = [left + 420 - step, top + 320 - step];
    canvas.dispatchEvent(new PointerEvent(type, { clientX, clientY, buttons: 1, bubbles: true }));
  };
  let drawn = 0;
  const watcher: Watcher = (each) => {
    if (each === canvas) drawn++;
  };
  watchers.add(watcher);
  point('pointerdown', 0);
  const start = performance.now();
  for (let step = 1; step <= steps; step++) {
    point('pointermove', 2 * step);
    await new Promise(requestAnimationFrame);
  }
  const seconds = (performance.now() - start) / 1000;
  watchers.delete(watcher);
  return drawn / seconds;
}
