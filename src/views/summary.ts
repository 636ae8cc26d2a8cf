import type { SweepResult, Trace } from '../trace/index.ts';
import type { TraceSummary } from './protocol.ts';

/** What is known of a run without asking for values. */
export function summarize(trace: Trace): TraceSummary {
  const { program, run, model, seed, backend, milliseconds, dims, outputs, expectations } = trace;
  return {
    program,
    run,
    model,
    seed,
    backend,
    milliseconds,
    dims,
    outputs,
    expectations,
    ...(trace.generation === undefined ? {} : { generated: trace.generation.steps.length }),
    ...(trace.sweep === undefined ? {} : { sweep: sweepNames(trace.sweep) }),
    streams: trace.streams.map(({ scope, steps }) => ({
      scope,
      steps: steps.length,
      paths: steps.map((step) => step.path),
    })),
    patterns: trace.patterns.map(({ path, layer, scope, heads }) => ({
      path,
      scope,
      heads,
      ...(layer === undefined ? {} : { layer }),
    })),
    tensors: [...trace.tensors.values()].map(({ path, axes, role, operator, source }) => ({
      path,
      axes,
      role,
      operator,
      source,
    })),
  };
}

function sweepNames({ metrics, axes }: SweepResult) {
  return { metrics: metrics.map(({ name }) => name), axes: axes.map(({ name }) => name) };
}
