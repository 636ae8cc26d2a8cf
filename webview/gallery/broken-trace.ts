import type { Trace } from '../../src/trace/index.ts';

/** The same run after something went wrong: every value of it has NaN and infinities among its numbers. */
export function brokenTrace(trace: Trace): Trace {
  return {
    ...trace,
    read: async (path) => {
      const values = await trace.read(path);
      return values && { ...values, data: broken(values.data) };
    },
    readOperation: async (index) => {
      const data = await trace.readOperation(index);
      return data && broken(data);
    },
    replay: async (...asked) => {
      const values = await trace.replay(...asked);
      return values && broken(values);
    },
    sweep: trace.sweep && {
      ...trace.sweep,
      metrics: trace.sweep.metrics.map((metric) => ({ ...metric, values: broken(metric.values) })),
    },
  };
}

/** The last token's numbers alone are whole, so that something can be read. */
function broken<Values extends Float32Array | Float64Array>(values: Values): Values {
  const copy = values.slice() as Values;
  for (let i = 0; i < copy.length * 0.9; i++) {
    if (i % 17 === 3) copy[i] = Number.NaN;
    if (i % 29 === 5) copy[i] = Number.POSITIVE_INFINITY;
    if (i % 31 === 7) copy[i] = Number.NEGATIVE_INFINITY;
  }
  return copy;
}
