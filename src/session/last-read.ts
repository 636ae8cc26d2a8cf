/** What was looked at last stays at hand: a view asks again with every movement, and some values take long to make. */
import type { Execution } from '../engine/index.ts';
import type { NodeId } from '../graph/index.ts';

type Values = Awaited<ReturnType<Execution['read']>>;

/** Bytes of values that stay beside those read last. */
const most = 256 * 2 ** 20;

/** Reads as the execution does, but shares what it has just read: nobody may write into it. */
export function lastRead(execution: Execution): Execution['read'] {
  /** In the order in which they were read. */
  const kept = new Map<NodeId, Promise<Values>>();
  const sizes = new Map<NodeId, number>();
  const forget = (id: NodeId) => {
    kept.delete(id);
    sizes.delete(id);
  };
  const arrived = (id: NodeId, { byteLength }: Values) => {
    sizes.set(id, byteLength);
    let total = 0;
    for (const [each, size] of [...sizes].reverse()) {
      total += size;
      if (each !== id && total > most) forget(each);
    }
  };
  return (id) => {
    const known = kept.get(id);
    if (known !== undefined) return known;
    const values = execution.read(id);
    kept.set(id, values);
    values.then(
      (found) => arrived(id, found),
      () => forget(id),
    );
    return values;
  };
}
