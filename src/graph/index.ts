export { type BuildRequest, type BuildResult, buildGraph, type GivenInput } from './build.ts';
export * from './graph.ts';
export { pathPattern } from './paths.ts';
export { type RunInputs, runInputs, type ShapeOfFile } from './run-inputs.ts';
export * from './sketch.ts';
