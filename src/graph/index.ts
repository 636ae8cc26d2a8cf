export { type BuildRequest, type BuildResult, buildGraph, type GivenInput } from './build.ts';
export * from './graph.ts';
export { pathPattern } from './paths.ts';
export { type RunFiles, type RunInputs, runInputs, type TokensOf } from './run-inputs.ts';
