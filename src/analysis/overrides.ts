/** What a command says in place of the file: data over data, before any graph is built. */
import type { CheckedProgram, CheckedRun, CheckedWeights } from '../shapes/index.ts';
import { targetNamed } from './build-run.ts';

export interface RunOverrides {
  /** Free dims and dims with a plain value, by name. */
  readonly dims: ReadonlyMap<string, number>;
  /** A safetensors file, or a mapping of the program by its name. */
  readonly weights: string | undefined;
  /** How many tokens the target is to generate; greedily, where its run does not say how. */
  readonly generate?: number | undefined;
}

/**
 * The program with every run overridden, so that runs that use each other's values still agree. A model or block that
 * is the target gets a run of its own name to carry the overrides.
 */
export function overrideRuns(
  program: CheckedProgram,
  target: string | undefined,
  overrides: RunOverrides,
): CheckedProgram {
  const { weights } = overrides;
  const runs = program.runs.some(({ name }) => name === target)
    ? program.runs
    : [...program.runs, ...runOf(program, target)];
  return {
    ...program,
    runs: runs.map((run) => {
      const own = overridden(program, run, overrides);
      return run.name === target ? generating(own, overrides) : own;
    }),
    weights:
      weights === undefined || program.weights.has(weights)
        ? program.weights
        : new Map([...program.weights].map(([name, each]) => [name, fromFile(each, weights)])),
  };
}

function overridden(
  { weights: mappings }: CheckedProgram,
  run: CheckedRun,
  { dims, weights }: RunOverrides,
): CheckedRun {
  const given = [...dims].map(([name, value]) => [name, { value, source: run.source }] as const);
  return { ...run, dims: new Map([...run.dims, ...given]), weights: weightsOf(run) };

  function weightsOf({ weights: own, source }: CheckedRun): CheckedRun['weights'] {
    if (weights === undefined) return own;
    if (mappings.has(weights)) return { kind: 'mapping', name: weights, source };
    // A mapping says how a file is read; which file it is, the command says.
    return own?.kind === 'mapping' ? own : { kind: 'file', file: weights, source };
  }
}

function generating(run: CheckedRun, { generate: count }: RunOverrides): CheckedRun {
  if (count === undefined) return run;
  const { source } = run;
  const greedy = { temperature: 0, topK: undefined, topP: undefined, source };
  return { ...run, generation: { ...greedy, ...run.generation, count } };
}

function fromFile(mapping: CheckedWeights, file: string): CheckedWeights {
  return { ...mapping, file };
}

function runOf(program: CheckedProgram, name: string | undefined): readonly CheckedRun[] {
  const target = name === undefined ? undefined : targetNamed(program, name);
  if (name === undefined || target === undefined) return [];
  return [
    {
      name,
      source: target.source,
      // What is wrong with the block itself is not wrong with the demand to run it.
      extent: target.source,
      target: name,
      targetSource: target.source,
      family: [],
      dims: new Map(),
      seed: 0,
      seedFrom: undefined,
      backend: 'auto',
      settings: [],
      weights: undefined,
      tokenizer: undefined,
      generation: undefined,
      patches: [],
      expectations: [],
      expectationPlaces: [],
      metrics: [],
      uses: [],
    },
  ];
}
