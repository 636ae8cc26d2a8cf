export * from './analysis.ts';
export { analyze, type RunWish } from './analyze.ts';
export { type BuiltRun, buildRun, type RunSurroundings, targetNamed } from './build-run.ts';
export { bytesOf, type Cost, costOf, type TargetCost } from './cost.ts';
export { findingsOf } from './findings.ts';
export { applyIgnores } from './ignores.ts';
export { preludeText, preludeUri, standardLibrary } from './library.ts';
export type { RunOverrides } from './overrides.ts';
