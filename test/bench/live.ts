/**
 * Live mode: from an edited text to the trace, in the engine's process; and how long the thread that asks for a run is
 * busy with it, which in the editor is the extension host's. The program is the textbook's block, two of them over 16
 * tokens; a frame of a screen lasts 16.7 ms. Needs `npm run build`.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openEngine } from '../../src/engine/index.ts';
import { uriOf } from '../../src/session/index.ts';
import { Session } from '../../src/session/session.ts';
import { type AskingSide, type EngineSide, Rpc } from '../../src/views/index.ts';
import { machine, type Section, textOf } from './compare/tables.ts';
import { examplesFolder } from './paths.ts';

const path = `${examplesFolder}post-norm.tblock`;
const program = readFileSync(path, 'utf8')
  .replace('N = 3 ', 'N = 16')
  .replace('d = 4 ', 'd = 64')
  .replace('heads = 2', 'heads = 4');

/** What is typed, as the text that turn `n` of it leaves behind. */
const edits: Readonly<Record<string, (n: number) => string>> = {
  'a word in a comment': (n) => program.replace('sequence length', `sequence length ${n}`),
  'a number in an equation': (n) => program.replace('t1 + x', `t1 + x * 1.${n + 1}`),
  'another seed, so other weights': (n) => program.replace('seed = 42', `seed = ${n + 100}`),
};
const turns = 60;
const warm = 30;
const runs = 20;
const uri = uriOf(path);

export async function measure(): Promise<Section> {
  const engine = openEngine(process.env, { threads: Math.max(1, availableParallelism() - 1) });
  const session = new Session(engine);
  const rows: string[] = [];
  for (let turn = 0; turn < warm; turn++) {
    for (const textAfter of Object.values(edits)) await timeOf(session, textAfter(turn));
  }
  for (const [name, textAfter] of Object.entries(edits)) {
    const [times, computed]: [number[], number[]] = [[], []];
    for (let turn = warm; turn < warm + turns; turn++) {
      // As between two keystrokes: whatever the process puts off is done then.
      await pause(5);
      const before = process.cpuUsage();
      times.push(await timeOf(session, textAfter(turn)));
      computed.push(computedSince(before));
    }
    const figures = [partOf(times, 0.5), partOf(times, 0.95), partOf(computed, 0.5)];
    rows.push(`| ${name} | ${figures.map((each) => each.toFixed(1)).join(' | ')} |`);
  }
  await session.close();
  const asking = await busyWhileAsking();
  const table = [
    '| edit | median | 95 % within | processor time, median |',
    '| --- | ---: | ---: | ---: |',
    ...rows,
  ].join('\n');
  const paragraphs = [
    'Milliseconds from an edited text to its trace: analysis, graph, plan, run and summary in the engine process, as live mode does after a keystroke. Two post-norm blocks of width 64 over 16 tokens. A frame lasts 16.7 ms.',
    table,
    `The process that asks, as the extension host does, computes for ${asking.median.toFixed(1)} ms in all during a run of ${asking.name} (median of ${runs}; 95 % within ${asking.most.toFixed(1)} ms), so that nothing else waits longer for it.`,
    `Machine: ${machine()}. Node ${process.versions.node}. Command: \`npm run bench -- live\`.`,
  ];
  return { title: 'An edit in live mode', text: textOf(paragraphs) };
}

/** Milliseconds that all threads of this process have computed: what other programs take does not count. */
function computedSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** The value below which so great a part of them lies. */
function partOf(values: readonly number[], part: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * part)] ?? Number.NaN;
}

async function timeOf(session: Session, text: string): Promise<number> {
  const start = performance.now();
  const outcome = await session.run(requestFor(uri, text), () => {});
  const time = performance.now() - start;
  if (outcome.kind !== 'done' || outcome.problems.length > 0) {
    throw new Error(`The edited program does not run: ${JSON.stringify(outcome)}`);
  }
  return time;
}

function requestFor(program: string, text: string) {
  return { uri: program, documents: { [program]: text }, backend: 'cpu' } as const;
}

/** Of the largest example, whose runs keep the engine busy for long: all that the process computes while it waits for one. */
async function busyWhileAsking() {
  const name = 'gpt2-small.tblock';
  const file = `${examplesFolder}${name}`;
  const request = requestFor(uriOf(file), readFileSync(file, 'utf8'));
  const child = fork(resolve('dist/engine.cjs'), [], { serialization: 'advanced' });
  const rpc = new Rpc<AskingSide, EngineSide>(lineTo(child), {
    requests: {},
    events: { progress: () => {}, log: () => {} },
  });
  await rpc.ask('run', request);
  const busy: number[] = [];
  for (let run = 0; run < runs; run++) {
    const before = process.cpuUsage();
    await rpc.ask('run', request);
    busy.push(computedSince(before));
  }
  child.kill();
  return { name, median: partOf(busy, 0.5), most: partOf(busy, 0.95) };
}

function lineTo(child: ChildProcess) {
  return {
    post: (message: object) =>
      new Promise<void>((done, fail) => {
        child.send(message, (error) => (error === null ? done() : fail(error)));
      }),
    listen: (handler: (message: unknown) => void) => {
      child.on('message', handler);
    },
  };
}
