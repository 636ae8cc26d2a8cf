/** The same split for the same number of parts, whatever the instruction: rows need no barrier between instructions. */

export function shareStart(parts: i32, worker: i32, workers: i32): i32 {
  return <i32>((<i64>parts * worker) / workers);
}

export function shareEnd(parts: i32, worker: i32, workers: i32): i32 {
  return shareStart(parts, worker + 1, workers);
}
