/** Families whose variables stand in settings, such as the seed: a run of its own for each of their values. */
import { type Sweep, settingVariables } from '../graph/index.ts';
import { type CheckedProgram, type CheckedRun, type DimFacts, numberOf } from '../shapes/index.ts';
import type { ExpectationResult, SweepResult, Trace } from '../trace/index.ts';

/** The program for every value of the variables in its settings, in order; the program itself where there is none. */
export function programsOfFamily(
  program: CheckedProgram,
  run: CheckedRun | undefined,
  facts: DimFacts,
): readonly CheckedProgram[] {
  const variables = run === undefined ? [] : settingVariables(run);
  if (run === undefined || variables.length === 0) return [program];
  let places: ReadonlyMap<string, number>[] = [new Map()];
  for (const { symbol, start, stop } of variables) {
    const [first, end] = [numberOf(facts, start) ?? 0, numberOf(facts, stop) ?? 0];
    const values = Array.from({ length: Math.max(end - first, 1) }, (_, i) => first + i);
    places = places.flatMap((at) => values.map((value) => new Map([...at, [symbol, value]])));
  }
  return places.map((at) => {
    const runs = program.runs.map((each) => (each.name === run.name ? { ...each, at } : each));
    return { ...program, runs };
  });
}

/** The seed of this run of the family. */
export function seedOf({ seed, seedFrom }: CheckedRun, facts: DimFacts): number {
  return (seedFrom && numberOf(facts, seedFrom)) ?? seed;
}

/** One trace for the family: the first, with the metrics and expectations of all. */
export function joinedTraces(traces: readonly Trace[]): Trace {
  const [first] = traces;
  if (first === undefined) throw new Error('A family has at least one run.');
  if (traces.length === 1) return first;
  const expectations = first.expectations.map((_, at) => worst(traces, at));
  const sweep = joinedSweeps(traces.flatMap((trace) => trace.sweep ?? []));
  return { ...first, expectations, sweep };
}

/** It holds where it holds in all of them. */
function worst(traces: readonly Trace[], at: number): ExpectationResult {
  const results = traces.flatMap(({ expectations }) => expectations[at] ?? []);
  return results.find(({ passed }) => !passed) ?? (results[0] as ExpectationResult);
}

/** Each has one value of the variables that settings name, and all values of the others. */
function joinedSweeps(parts: readonly SweepResult[]): SweepResult | undefined {
  const [first] = parts;
  if (first === undefined) return undefined;
  const axes = first.axes.map(({ name }, at) => {
    const values = [...new Set(parts.flatMap((part) => part.axes[at]?.values ?? []))];
    const [kept, ...others] = first.axes[at]?.values ?? [];
    const isOfSettings = kept !== undefined && others.length === 0 && values.length > 1;
    return { name, values, ...(isOfSettings && { kept }) };
  });
  const count = axes.reduce((product, { values }) => product * values.length, 1);
  const metrics = first.metrics.map(({ name }, metric) => {
    const all = new Float64Array(count);
    for (const part of parts) {
      const values = part.metrics[metric]?.values ?? new Float64Array();
      for (const [i, value] of values.entries()) all[placeIn(axes, part.axes, i)] = value;
    }
    return { name, values: all };
  });
  return { axes, metrics };
}

/** Where an index of a part is in the whole; the last axis varies fastest in both. */
function placeIn(whole: SweepResult['axes'], part: Sweep['axes'], index: number): number {
  let rest = index;
  let place = 0;
  let stride = 1;
  for (let at = whole.length - 1; at >= 0; at--) {
    const own = part[at]?.values ?? [];
    const value = own[rest % own.length];
    rest = Math.floor(rest / own.length);
    place += stride * (whole[at]?.values.indexOf(value ?? Number.NaN) ?? 0);
    stride *= whole[at]?.values.length ?? 1;
  }
  return place;
}
