/** Whether anybody else computes. */
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const window = 250;
/** The part of the cores' time that others may take. */
const tolerated = 0.1;

/** False where the cores were still busy after that many milliseconds. */
export async function untilIdle(atMost: number): Promise<boolean> {
  const deadline = performance.now() + atMost;
  for (;;) {
    if (
      await alone(
        () => 0,
        () => sleep(window),
      )
    )
      return true;
    if (performance.now() > deadline) return false;
  }
}

/**
 * Whether nobody else computed during something.
 * @param own milliseconds that what is measured has computed so far; where it is unknown, nobody else is assumed
 */
export async function alone(
  own: () => number | undefined,
  during: () => Promise<unknown>,
): Promise<boolean> {
  const [before, ownBefore] = [counted(), own()];
  await during();
  const [after, ownAfter] = [counted(), own()];
  if (ownBefore === undefined || ownAfter === undefined) return true;
  const others = after.busy - before.busy - (ownAfter - ownBefore);
  return others <= tolerated * (after.total - before.total);
}

/** Milliseconds of all cores since the system started. */
function counted(): { readonly busy: number; readonly total: number } {
  let [busy, idle] = [0, 0];
  for (const { times } of cpus()) {
    busy += times.user + times.nice + times.sys + times.irq;
    idle += times.idle;
  }
  return { busy, total: busy + idle };
}
