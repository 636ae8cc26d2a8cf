/** What `tblock run` says of a run, as text and as JSON. */
import { catalog } from '../shapes/index.ts';
import type { ExpectationResult, TensorValues, Trace } from '../trace/index.ts';
import type { CommandIo } from './command-io.ts';
import { countText, type Finding, findingData, findingText } from './findings.ts';
import { generationData, generationText } from './generation-report.ts';
import type { PlaceOf } from './places.ts';
import { dimValues } from './save-trace.ts';
import { type Paint, paintFor } from './style.ts';
import { sweepData, sweepText } from './sweep-report.ts';
import { valueData, valueText } from './values.ts';

export interface RunReport {
  readonly trace: Trace;
  readonly outputs: ReadonlyMap<string, TensorValues>;
  readonly printed: ReadonlyMap<string, TensorValues>;
  /** What is wrong with the file, although this run of it could go on. */
  readonly findings: readonly Finding[];
  readonly placeOf: PlaceOf;
  readonly saved: { readonly file: string; readonly tensors: number } | undefined;
}

export function printRun(report: RunReport, format: 'text' | 'json', io: CommandIo): void {
  switch (format) {
    case 'text':
      printText(report, io);
      return;
    case 'json':
      io.out(`${JSON.stringify(reportData(report))}\n`);
      return;
  }
}

/** The run did not begin, or could not go on. */
export function printRejection(
  findings: readonly Finding[],
  format: 'text' | 'json',
  io: CommandIo,
): void {
  switch (format) {
    case 'text': {
      const paint = paintFor(io);
      for (const finding of findings) io.err(findingText(finding, paint));
      io.err(`Nothing ran: ${countText(findings)}.\n`);
      return;
    }
    case 'json':
      io.out(`${JSON.stringify({ diagnostics: findings.map(findingData) })}\n`);
      return;
  }
}

export function printText(
  { trace, outputs, printed, findings, placeOf, saved }: RunReport,
  io: CommandIo,
): void {
  const paint = paintFor(io);
  for (const finding of findings) io.err(findingText(finding, paint));
  const { run, model, seed, backend, milliseconds } = trace;
  const dims = Object.entries(dimValues(trace)).map(([name, value]) => `${name}=${value}`);
  io.out(`${paint('bold', run)}${run === model ? '' : ` for ${model}`}\n`);
  io.out(`seed: ${seed}\n`);
  if (dims.length > 0) io.out(`dims: ${dims.join(' ')}\n`);
  io.out(`backend: ${backend.name} (${backend.description}). ${backend.reason}\n`);
  io.out(`time: ${milliseconds.toFixed(1)} ms\n`);
  for (const [path, values] of [...outputs, ...printed]) io.out(`\n${valueText(path, values)}`);
  if (trace.generation !== undefined) {
    io.out(`\n${generationText(trace.generation)}`);
  }
  if (trace.sweep !== undefined) io.out(`\n${sweepText(trace.sweep)}`);
  if (trace.expectations.length > 0) io.out('\n');
  for (const expectation of trace.expectations)
    io.out(expectationText(expectation, placeOf, paint));
  if (saved !== undefined) {
    const { file, tensors } = saved;
    io.out(`\nsaved ${tensors} ${tensors === 1 ? 'tensor' : 'tensors'} to ${file}\n`);
  }
}

function expectationText(expectation: ExpectationResult, placeOf: PlaceOf, paint: Paint): string {
  const { text, passed } = expectation;
  const line = text.replace(/\s+/g, ' ');
  if (passed) return `${paint('green', 'pass')} expect ${line}\n`;
  const finding = findingText(failure(expectation, placeOf), paint);
  return `${paint('red', 'fail')} expect ${line}\n${finding.replace(/^(?=.)/gm, '     ')}`;
}

/** A failed expectation is a diagnostic on its line. */
function failure({ source, message }: ExpectationResult, placeOf: PlaceOf): Finding {
  const { code, severity } = catalog.expectation;
  return { place: placeOf(source), severity, code, message, related: [] };
}

export function reportData({ trace, outputs, printed, findings, placeOf, saved }: RunReport) {
  const { run, model, seed, backend, milliseconds, expectations, sweep, generation } = trace;
  const { expected, process } = trace.memory;
  return {
    run,
    model,
    seed,
    dims: dimValues(trace),
    backend,
    milliseconds,
    memory: { expectedBytes: expected, processBytes: process },
    outputs: [...outputs].map(([path, values]) => valueData(path, values)),
    printed: [...printed].map(([path, values]) => valueData(path, values)),
    ...(generation === undefined ? {} : { generation: generationData(generation) }),
    ...(sweep === undefined ? {} : { sweep: sweepData(sweep) }),
    expectations: expectations.map(({ text, passed, message, source }) => ({
      text,
      passed,
      message,
      ...placeOf(source),
    })),
    diagnostics: findings.map(findingData),
    ...(saved === undefined ? {} : { saved }),
  };
}
