/** `tblock run`: from a file to printed and saved values. */
import { join, parse, resolve } from 'node:path';
import { type Analysis, analyze } from '../analysis/index.ts';
import { type Engine, openEngine, RunStopped } from '../engine/index.ts';
import { diskFiles, type ProgramOutcome, type ProgramRun, runProgram } from '../session/index.ts';
import { catalog, type Diagnostic, DiagnosticList } from '../shapes/index.ts';
import type { TensorValues, Trace } from '../trace/index.ts';
import {
  type CommandIo,
  exitClean,
  exitErrors,
  exitStopped,
  exitWrongUse,
  WrongUse,
} from './command-io.ts';
import { type Finding, findingOf } from './findings.ts';
import { pathIn, pathsNamed } from './paths.ts';
import { placesIn } from './places.ts';
import { type ProgramFile, readProgram } from './program-file.ts';
import { type RunEnd, runEvery } from './run-all.ts';
import { checkAgainst, type RunOptions, readRunOptions } from './run-options.ts';
import { printRejection, printRun, type RunReport } from './run-report.ts';
import { pathsToSave, saveTrace } from './save-trace.ts';

type Finished = ProgramOutcome & { readonly kind: 'done' };

export async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const asked = readRunOptions(args);
  const file = readProgram(asked.file, io);
  const written = analyze(file.uri, file.text, diskFiles());
  checkAgainst(written, asked);
  const options = withWeightsIn(written, asked, io);
  const engine = openEngine(io.environment);
  try {
    if (options.subject.kind === 'all') {
      const names = written.program.runs.map(({ name }) => name);
      if (names.length === 0) throw new WrongUse(`${options.file} has no run.`);
      const start = (name: string) => endOf(engine, requestOf(file, options, name), io);
      return await runEvery(names, start, options.format, io);
    }
    const outcome = await runProgram(engine, requestOf(file, options), {
      signal: io.signal,
      progress: () => undefined,
    });
    if (outcome.kind === 'rejected') {
      const findings = findingsOf(outcome, io, outcome.diagnostics);
      printRejection(findings, options.format, io);
      return rejectionCode(outcome.diagnostics);
    }
    return await finish(outcome, options, io);
  } catch (error) {
    if (!(error instanceof RunStopped)) throw error;
    io.err('Stopped.\n');
    return exitStopped;
  } finally {
    await engine.close();
  }
}

/** One of all runs: what it expects and keeps, without its outputs. */
async function endOf(engine: Engine, request: ProgramRun, io: CommandIo): Promise<RunEnd> {
  const control = { signal: io.signal, progress: () => undefined };
  const outcome = await runProgram(engine, request, control);
  const findings = findingsOf(outcome, io, outcome.diagnostics);
  if (outcome.kind === 'rejected') {
    return { kind: 'rejected', name: request.target ?? '', findings };
  }
  const { trace, analysis, dispose } = outcome;
  dispose();
  const report: RunReport = {
    ...{ trace, shown: [], saved: undefined },
    ...{ findings, placeOf: placesIn(analysis, io.folder) },
  };
  return { kind: 'done', report };
}

function requestOf(
  { uri, text }: ProgramFile,
  options: RunOptions,
  target = 'name' in options.subject ? options.subject.name : undefined,
): ProgramRun {
  const { backend, seed, overrides } = options;
  return {
    uri,
    text,
    files: diskFiles(),
    target,
    backend,
    seed,
    overrides,
  };
}

/** A file of weights is relative to the folder of the command; a mapping of the program is a name. */
function withWeightsIn(
  { program }: Pick<Analysis, 'program'>,
  options: RunOptions,
  { folder }: CommandIo,
): RunOptions {
  const { weights } = options.overrides;
  if (weights === undefined || program.weights.has(weights)) return options;
  return { ...options, overrides: { ...options.overrides, weights: resolve(folder, weights) } };
}

/** Files that cannot be read are exit code 2, what they or the program say wrong is 1. */
function rejectionCode(diagnostics: readonly Diagnostic[]): number {
  return diagnostics.some(({ code }) => code === catalog.fileUnreadable.code)
    ? exitWrongUse
    : exitErrors;
}

async function finish(outcome: Finished, options: RunOptions, io: CommandIo): Promise<number> {
  const { trace, traces, ownPaths, analysis, dispose } = outcome;
  try {
    const printed = options.print.map((path) => [path, pathIn(trace, path)] as const);
    const kept = options.save && pathsKept(outcome, options.save.keep);
    const findings = findingsOf(outcome, io, problemsOfFile(outcome));
    const shown = [];
    for (const each of traces) {
      const outputs = each.outputs.map((path) => [path, path] as const);
      shown.push({
        trace: each,
        outputs: await valuesOf(each, outputs),
        printed: await valuesOf(each, printed),
      });
    }
    const report: RunReport = {
      trace,
      shown,
      findings,
      placeOf: placesIn(analysis, io.folder),
      saved: undefined,
    };
    if (options.save === undefined) {
      printRun(report, options.format, io);
    } else {
      const { file } = options.save;
      let saved = 0;
      for (const [item, each] of traces.entries()) {
        const target = resolve(io.folder, fileOfItem(file, item));
        saved += (await saveTrace(target, each, ownPaths, kept ?? [])).tensors;
      }
      printRun({ ...report, saved: { file, tensors: saved } }, options.format, io);
    }
    const failed = trace.expectations.some(({ passed }) => !passed);
    return failed || findings.some(({ severity }) => severity === 'error') ? exitErrors : exitClean;
  } finally {
    dispose();
  }
}

/** Every further run of a batch has a file of its own: `trace.safetensors`, `trace-2.safetensors`. */
function fileOfItem(file: string, item: number): string {
  if (item === 0) return file;
  const { dir, name, ext } = parse(file);
  return join(dir, `${name}-${item + 1}${ext}`);
}

function pathsKept({ trace }: Finished, keep: readonly string[]): readonly string[] {
  return keep.length === 0 ? pathsToSave(trace) : pathsNamed(trace, keep);
}

/** What is wrong with the run, and with the other runs of its file. */
function problemsOfFile({ analysis, diagnostics }: ProgramOutcome): readonly Diagnostic[] {
  const list = new DiagnosticList();
  for (const found of [...analysis.diagnostics, ...diagnostics]) list.add(found);
  return list.all;
}

function findingsOf(
  { analysis }: ProgramOutcome,
  { folder }: CommandIo,
  diagnostics: readonly Diagnostic[],
): readonly Finding[] {
  const at = placesIn(analysis, folder);
  return diagnostics.map((found) => findingOf(found, at));
}

/** By the path that was asked for. */
async function valuesOf(
  trace: Trace,
  paths: readonly (readonly [asked: string, path: string])[],
): Promise<ReadonlyMap<string, TensorValues>> {
  const found = new Map<string, TensorValues>();
  for (const [asked, path] of paths) {
    const values = await trace.read(path);
    if (values !== undefined) found.set(asked, values);
  }
  return found;
}
