/** Waits until nobody else computes. */
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const window = 250;
const idleEnough = 0.92;

/** False where the cores were still busy after that many milliseconds. */
export async function untilIdle(atMost: number): Promise<boolean> {
  const deadline = performance.now() + atMost;
  for (;;) {
    const before = counted();
    await sleep(window);
    const after = counted();
    const total = after.total - before.total;
    if (total === 0 || (after.idle - before.idle) / total >= idleEnough) return true;
    if (performance.now() > deadline) return false;
  }
}

function counted(): { readonly idle: number; readonly total: number } {
  let [idle, total] = [0, 0];
  for (const { times } of cpus()) {
    idle += times.idle;
    total += times.user + times.nice + times.sys + times.idle + times.irq;
  }
  return { idle, total };
}
