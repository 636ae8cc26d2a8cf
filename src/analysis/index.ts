export * from './analysis.ts';
export { analyze } from './analyze.ts';
export { type BuiltRun, buildRun, type RunSurroundings, targetNamed } from './build-run.ts';
export { preludeText, preludeUri, standardLibrary } from './library.ts';
