export * from './analysis.ts';
export { analyze, type RunWish } from './analyze.ts';
export { type BuiltRun, buildRun, type RunSurroundings, targetNamed } from './build-run.ts';
export { type Cost, costNamed, costOf, type TargetCost } from './cost.ts';
export { type CostFigure, costFigures, costLine } from './cost-text.ts';
export { findingsOf } from './findings.ts';
export { preludeText, preludeUri, standardLibrary } from './library.ts';
export { bytesComputed, bytesGiven, type Machine, tooLarge } from './machine.ts';
export type { RunOverrides } from './overrides.ts';
