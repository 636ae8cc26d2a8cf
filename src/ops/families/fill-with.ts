import type { Numbers } from '../source.ts';

/** Draws the values one after the other. */
export function fillWith(target: Numbers, draw: () => number): void {
  for (let at = 0; at < target.length; at++) target[at] = draw();
}
