/** The barrier at which the workers meet, and agree whether to go on. */
import { arrivedAt, brokenAt, openedAt, stopAt, stoppedAt } from './layout';

/**
 * How often to look before sleeping, which takes about a millisecond. Workers finish their shares closer together than
 * that, and to be woken takes longer than most of these waits.
 */
const tries: i32 = 1000000;

/** Waits until all have arrived; true when the run ends here. The last to arrive decides that, so all end together. */
export function awaitOthers(workers: i32): bool {
  const opened = atomic.load<i32>(openedAt);
  if (atomic.add<i32>(arrivedAt, 1) === workers - 1) {
    atomic.store<i32>(arrivedAt, 0);
    atomic.store<i32>(stoppedAt, atomic.load<i32>(stopAt));
    atomic.store<i32>(openedAt, opened + 1);
    atomic.notify(openedAt, -1);
  } else {
    for (let i = 0; i < tries && atomic.load<i32>(openedAt) === opened; i++) {}
    while (atomic.load<i32>(openedAt) === opened) {
      // A worker that died arrives nowhere.
      if (atomic.load<i32>(brokenAt) !== 0) break;
      atomic.wait<i32>(openedAt, opened, -1);
    }
  }
  return (atomic.load<i32>(stoppedAt) | atomic.load<i32>(brokenAt)) !== 0;
}
