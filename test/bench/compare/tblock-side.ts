/**
 * TBlock as one of the processes that are compared: the engine with a graph and feeds that are there, as a peer has its
 * model and weights loaded. One run is one `runGraph`, after which every value can be read.
 */
import { type Engine, type Feeds, type GraphRun, openEngine } from '../../../src/engine/index.ts';
import type { Graph } from '../../../src/graph/index.ts';
import { serve } from '../peers/line.mjs';
import { feedsOfTurns, graphOf } from './program.ts';
import type { Work } from './work.ts';

const control = { signal: new AbortController().signal, progress: () => {} };
let engine: Engine | undefined;
let graph: Graph | undefined;
/** The run that an edit comes after: as in the editor, it is looked at until the next one is done. */
let before: GraphRun | undefined;
let edits = false;
let feedsOf: ((turn: number) => Feeds) | undefined;

await serve<GraphRun>({
  prepare: async (work: Work) => {
    engine = openEngine(process.env, { threads: work.threads });
    graph = graphOf(work);
    feedsOf = feedsOfTurns(graph, work);
    edits = work.edited !== undefined;
    const run = await runOnce(0);
    run.execution.dispose();
    return `TBlock on ${run.report.description}, Node ${process.versions.node}`;
  },
  run: runOnce,
  read: (run, path) => run.execution.read(nodeOf(path)),
  release: (run) => {
    if (!edits) return run.execution.dispose();
    before?.execution.dispose();
    before = run;
  },
});

function runOnce(turn: number): Promise<GraphRun> {
  if (engine === undefined || graph === undefined || feedsOf === undefined)
    throw new Error('Nothing is prepared.');
  // An edit of the text makes a new graph of the same content.
  return engine.runGraph(edits ? { ...graph } : graph, feedsOf(turn), 'cpu', control);
}

function nodeOf(path: string): number {
  const id = graph?.values.get(graph.aliases.get(path) ?? path);
  if (id === undefined) throw new Error(`The graph has no ${path}.`);
  return id;
}
