export { type BuildRequest, type BuildResult, buildGraph, type GivenInput } from './build.ts';
export { axisAfterFlow } from './flow-positions.ts';
export { type GenerationPlan, generationPlan } from './generation.ts';

export * from './graph.ts';
export { settingVariables } from './mentions.ts';
export { nodeCall } from './node-call.ts';
export { pathPattern } from './paths.ts';
export { type RunFiles, type RunInputs, runInputs, type TokensOf } from './run-inputs.ts';
export * from './sketch.ts';
export { type StepGraph, stepGraph } from './step-graph.ts';
export type { Sweep, SweepAxis, SweepBatch, SweepPoint } from './sweep.ts';
