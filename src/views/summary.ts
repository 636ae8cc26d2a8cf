import type { SweepResult, Trace } from '../trace/index.ts';
import type { TraceSummary } from './protocol.ts';

/** What is known of a run without asking for values. */
export function summarize(trace: Trace): TraceSummary {
  const { program, run, model, seed, backend, milliseconds, dims, outputs, expectations } = trace;
  const names = knownNames(trace);
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
    ...(trace.batch === undefined ? {} : { batch: trace.batch }),
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
      ...names(path),
      axes,
      role,
      operator,
      source,
    })),
  };
}

/** One value may have several paths: `x = LayerNorm(x) as ln_f` names it twice. */
function knownNames({ streams, patterns, aliases, madeBy }: Trace) {
  const own = (path: string) => madeBy.get(aliases.get(path) ?? path);
  const steps = streams.flatMap((stream) => stream.steps.map(({ path }) => path));
  const known = [...steps, ...patterns.map(({ path }) => path)];
  const byOperation = new Map(known.map((path) => [own(path), path] as const));
  return (path: string) => {
    const operation = own(path);
    const name = operation === undefined ? undefined : byOperation.get(operation);
    return name === undefined || known.includes(path) ? {} : { knownAs: name };
  };
}

function sweepNames({ metrics, axes }: SweepResult) {
  return {
    metrics: metrics.map(({ name }) => name),
    axes: axes.map(({ name, kept }) => ({ name, ...(kept !== undefined && { kept }) })),
  };
}
