/**
 * Live mode: from an edited text to the trace and what the inspector first draws of it, in the engine's process. The
 * program is the textbook's block, two of them over 16 tokens; a frame of a screen lasts 16.7 ms.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { openEngine } from '../../src/engine/index.ts';
import { uriOf } from '../../src/session/index.ts';
import { Session } from '../../src/session/session.ts';
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
const turns = 120;
const warm = 40;

export async function measure(): Promise<Section> {
  const engine = openEngine(process.env, { threads: Math.max(1, availableParallelism() - 1) });
  const session = new Session(engine);
  const rows: string[] = [];
  for (const [name, textAfter] of Object.entries(edits)) {
    const times: number[] = [];
    for (let turn = 0; turn < warm + turns; turn++) {
      // As between two keystrokes: whatever the process puts off is done then.
      await pause(5);
      const time = await timeOf(session, textAfter(turn));
      if (turn >= warm) times.push(time);
    }
    times.sort((a, b) => a - b);
    const [median, late] = [times[times.length >> 1], times[Math.floor(times.length * 0.95)]];
    rows.push(`| ${name} | ${median?.toFixed(1)} | ${late?.toFixed(1)} |`);
  }
  await session.close();
  const table = ['| edit | median | 95 % within |', '| --- | ---: | ---: |', ...rows].join('\n');
  const paragraphs = [
    'Milliseconds from an edited text to its trace: analysis, graph, plan, run and summary in the engine process, as live mode does after a keystroke. Two post-norm blocks of width 64 over 16 tokens. A frame lasts 16.7 ms.',
    table,
    `Machine: ${machine()}. Node ${process.versions.node}. Command: \`npm run bench -- live\`.`,
  ];
  return { title: 'An edit in live mode', text: textOf(paragraphs) };
}

async function timeOf(session: Session, text: string): Promise<number> {
  const uri = uriOf(path);
  const start = performance.now();
  const request = { uri, documents: { [uri]: text }, backend: 'cpu' } as const;
  const outcome = await session.run(request, () => {});
  const time = performance.now() - start;
  if (outcome.kind !== 'done' || outcome.problems.length > 0) {
    throw new Error(`The edited program does not run: ${JSON.stringify(outcome)}`);
  }
  return time;
}
