import type { Trace } from '../trace/index.ts';

/** A function of a trace that is computed once for each trace and key; what failed is tried again. */
export function once<Result>(
  compute: (trace: Trace, key: string) => Promise<Result>,
): (trace: Trace, key: string) => Promise<Result> {
  const known = new WeakMap<Trace, Map<string, Promise<Result>>>();
  return (trace, key) => {
    const results = known.get(trace) ?? new Map<string, Promise<Result>>();
    known.set(trace, results);
    const found = results.get(key);
    if (found !== undefined) return found;
    const fresh = compute(trace, key);
    results.set(key, fresh);
    fresh.catch(() => results.delete(key));
    return fresh;
  };
}
