/**
 * What a model or block costs before it runs: parameters, numbers that it computes and keeps, and floating-point
 * operations of one forward pass, each a polynomial over dims. Operators say in their records how many operations
 * they make per index (2 for a multiply and an add), after the usual count of 2·n·k·m for a product of matrices.
 */
import {
  addDims,
  type Dim,
  literalDim,
  literalOf,
  multiplyDims,
  productOfDims,
} from '../dims/index.ts';
import {
  type RunFiles,
  runInputs,
  type Sketch,
  type SketchNode,
  sketchGraph,
} from '../graph/index.ts';
import { type CheckedBlock, DiagnosticList, type DimFacts } from '../shapes/index.ts';
import type { SourceRange } from '../trace/index.ts';
import type { Analysis } from './analysis.ts';
import { targetNamed } from './build-run.ts';
import { flowOf } from './flow-of.ts';

export interface Cost {
  /** Learned numbers. */
  readonly parameters: Dim;
  /** Numbers that come from outside. */
  readonly inputs: Dim;
  /** Numbers that are computed; a run keeps all of them. */
  readonly values: Dim;
  /** Floating-point operations. */
  readonly flops: Dim;
}

export interface TargetCost {
  readonly target: CheckedBlock;
  readonly total: Cost;
  /** The cost of everything that a place of the target's own text does, calls and copies included. */
  readonly within: (source: SourceRange) => Cost;
}

const known = new WeakMap<Analysis, Map<string, TargetCost | undefined>>();

/** Undefined where the target is too broken to say. Worked out when first asked. */
export function costOf(analysis: Analysis, target: CheckedBlock): TargetCost | undefined {
  const costs = known.get(analysis) ?? new Map<string, TargetCost | undefined>();
  known.set(analysis, costs);
  if (!costs.has(target.key)) {
    const sketch = sketchOf(analysis, target);
    costs.set(target.key, sketch && targetCost(target, sketch));
  }
  return costs.get(target.key);
}

/** Lengths that only a file knows stay open. */
const noFiles: RunFiles = { shapeOf: () => undefined, tokensOf: () => undefined };

/** The cost of a run, model or block, and the lengths that it has there. */
export function costNamed(
  analysis: Analysis,
  name: string,
): { readonly cost: TargetCost; readonly facts: DimFacts } | undefined {
  const { program, dimFacts: facts } = analysis;
  const run = program.runs.find((candidate) => candidate.name === name);
  const target = targetNamed(program, run?.target ?? name);
  const cost = target && costOf(analysis, target);
  if (target === undefined || cost === undefined) return undefined;
  if (run === undefined) return { cost, facts };
  // What is wrong with the run's inputs is said where it is laid out.
  const inputs = runInputs(program, target, run, noFiles, new DiagnosticList());
  return { cost, facts: inputs.facts };
}

const sketches = new WeakMap<Analysis, Map<string, Sketch | undefined>>();

/** The sketch of a model or block of the program, built once. */
export function sketchOf(analysis: Analysis, target: CheckedBlock): Sketch | undefined {
  const built = sketches.get(analysis) ?? new Map<string, Sketch | undefined>();
  sketches.set(analysis, built);
  if (!built.has(target.key)) {
    const { program, dimFacts: facts, textOf } = analysis;
    built.set(target.key, sketchGraph({ program, target, facts, textOf }));
  }
  return built.get(target.key);
}

function targetCost(target: CheckedBlock, sketch: Sketch): TargetCost {
  const costs = sketch.nodes.map((node) => nodeCost(sketch, node));
  const sum = (chosen: readonly Cost[]) => chosen.reduce(addCosts, nothing);
  return {
    target,
    total: sum(costs),
    within: (source) =>
      sum(
        costs.filter((_, id) => {
          const { node } = sketch.nodes[id] as SketchNode;
          return [node.source, ...node.callers].some((place) => isWithin(place, source));
        }),
      ),
  };
}

function isWithin(inner: SourceRange, outer: SourceRange): boolean {
  return inner.uri === outer.uri && inner.start >= outer.start && inner.end <= outer.end;
}

const zero = literalDim(0);
const nothing: Cost = { parameters: zero, inputs: zero, values: zero, flops: zero };

function addCosts(a: Cost, b: Cost): Cost {
  return {
    parameters: addDims(a.parameters, b.parameters),
    inputs: addDims(a.inputs, b.inputs),
    values: addDims(a.values, b.values),
    flops: addDims(a.flops, b.flops),
  };
}

function nodeCost(sketch: Sketch, sketched: SketchNode): Cost {
  const { node, shape, copies } = sketched;
  const count = multiplyDims(copies, productOfDims(shape.axes));
  switch (node.kind) {
    case 'parameter':
      return { ...nothing, parameters: count };
    case 'input':
      return { ...nothing, inputs: count };
    case 'constant':
      return nothing;
    case 'operator':
      return {
        ...nothing,
        values: count,
        flops: multiplyDims(copies, operationsOf(sketch, sketched)),
      };
  }
}

/** Operations per index times every combination of indices that the operator goes through. */
function operationsOf(sketch: Sketch, sketched: SketchNode): Dim {
  const { node, shape } = sketched;
  if (node.kind !== 'operator') return zero;
  const { operations = 1 } = node.op;
  if (operations === 0) return zero;
  const flow = flowOf(sketch, sketched);
  if (flow === undefined) return multiplyDims(literalDim(operations), productOfDims(shape.axes));
  const lengths = new Map<string, Dim>();
  const shapes = [...node.operands.map((operand) => sketch.nodes[operand.node]?.shape), shape];
  for (const [at, labels] of [...flow.operands, flow.result].entries()) {
    for (const [axis, label] of labels.entries()) {
      const length = shapes[at]?.axes[axis];
      const before = lengths.get(label);
      if (length !== undefined && (before === undefined || literalOf(before) === 1)) {
        lengths.set(label, length);
      }
    }
  }
  return multiplyDims(literalDim(operations), productOfDims([...lengths.values()]));
}
