/** Programs of the tests, run to their traces on the float64 reference. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Engine, openEngine } from '../../src/engine/index.ts';
import { writeNpy, writeSafetensors } from '../../src/formats/index.ts';
import { diskFiles, type ProgramOutcome, runProgram, uriOf } from '../../src/session/index.ts';
import type { Trace } from '../../src/trace/index.ts';

export { largestError } from '../engine/test-backends.ts';

export async function traceOfFile(engine: Engine, path: string, target: string): Promise<Trace> {
  return doneTrace(await outcomeOf(engine, path, readFileSync(path, 'utf8'), target));
}

/** Runs a text that lies nowhere; where it names files, they lie in `folder`. */
export async function run(text: string, options: RunOptions = {}): Promise<Trace> {
  return doneTrace(await outcome(text, options));
}

/** `TB206 weights: …` for each error: of a run that cannot start, else of the file. */
export async function problems(text: string, options: RunOptions = {}): Promise<readonly string[]> {
  const result = await outcome(text, options);
  return result.diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(
      ({ code, message, source }) => `${code} ${text.slice(source.start, source.end)}: ${message}`,
    );
}

interface RunOptions {
  readonly target?: string;
  readonly seed?: number;
  readonly folder?: string;
}

export async function values(trace: Trace, path: string): Promise<readonly number[]> {
  const tensor = await trace.read(path);
  if (tensor === undefined)
    throw new Error(`No ${path}; there are ${[...trace.tensors.keys()].join(' ')}.`);
  return [...tensor.data];
}

export function shape(trace: Trace, path: string): readonly number[] | undefined {
  return trace.tensors.get(trace.aliases.get(path) ?? path)?.axes.map(({ size }) => size);
}

/** Paths in the order of the alphabet, as one text. */
export function paths(trace: Trace): string {
  return [...trace.tensors.keys()].sort().join(' ');
}

/** Which expectations hold, in the order of the text. */
export function verdicts(trace: Trace): Readonly<Record<string, boolean>> {
  return Object.fromEntries(trace.expectations.map(({ text, passed }) => [text, passed]));
}

/** A folder for one test with files of these contents: text, or values by shape. */
export function folderWith(files: Readonly<Record<string, string | Contents>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'tblock-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, contents] of Object.entries(files)) {
    const path = join(folder, name);
    if (typeof contents === 'string') writeFileSync(path, contents);
    else if ('tensors' in contents)
      writeSafetensors(path, new Map(Object.entries(contents.tensors).map(asWritable)));
    else writeNpy(path, asArray(contents));
  }
  return folder;
}

type Contents = Values | { readonly tensors: Readonly<Record<string, Values>> };

interface Values {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** A tensor of 0, 1, 2, … */
export function counting(...lengths: readonly number[]): Values {
  const count = lengths.reduce((product, length) => product * length, 1);
  return { shape: lengths, data: Array.from({ length: count }, (_, i) => i) };
}

function asWritable([name, contents]: readonly [string, Values]) {
  return [name, asArray(contents)] as const;
}

function asArray({ shape, data }: Values) {
  return { shape, data: Float32Array.from(data) };
}

let engine: Engine | undefined;

/** Runs a text on the float64 reference. */
export function outcome(
  text: string,
  { target, seed, folder }: RunOptions = {},
): Promise<ProgramOutcome> {
  engine ??= openEngine({});
  return outcomeOf(engine, join(folder ?? '/nowhere', 'program.tblock'), text, target, seed);
}

export function outcomeOf(
  on: Engine,
  path: string,
  text: string,
  target?: string,
  seed?: number,
): Promise<ProgramOutcome> {
  const request = {
    uri: uriOf(path),
    text,
    files: diskFiles(),
    target,
    seed,
    backend: 'reference',
  } as const;
  return runProgram(on, request, { signal: new AbortController().signal, progress: () => {} });
}

function doneTrace(result: ProgramOutcome): Trace {
  if (result.kind === 'done') return result.trace;
  throw new Error(result.diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n'));
}
