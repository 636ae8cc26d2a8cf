/**
 * TBlock as one of the processes that are compared: the engine with a graph and feeds that are there, as a peer has its
 * model and weights loaded. One run is one `runGraph`, after which every value can be read.
 */
import { type Feeds, type GraphRun, openEngine } from '../../../src/engine/index.ts';
import type { Graph } from '../../../src/graph/index.ts';
import { serve } from '../peers/line.mjs';
import { feedsOfTurns, graphOf } from './program.ts';
import type { Work } from './work.ts';

const engine = openEngine(process.env);
const control = { signal: new AbortController().signal, progress: () => {} };
let graph: Graph | undefined;
let feedsOf: ((turn: number) => Feeds) | undefined;

await serve<GraphRun>({
  prepare: async (work: Work) => {
    graph = graphOf(work);
    feedsOf = feedsOfTurns(graph, work);
    const run = await runOnce(0);
    run.execution.dispose();
    return `TBlock on ${run.report.description}, Node ${process.versions.node}`;
  },
  run: runOnce,
  read: (run, path) => run.execution.read(nodeOf(path)),
  release: (run) => run.execution.dispose(),
});

function runOnce(turn: number): Promise<GraphRun> {
  if (graph === undefined || feedsOf === undefined) throw new Error('Nothing is prepared.');
  return engine.runGraph(graph, feedsOf(turn), 'cpu', control);
}

function nodeOf(path: string): number {
  const id = graph?.values.get(graph.aliases.get(path) ?? path);
  if (id === undefined) throw new Error(`The graph has no ${path}.`);
  return id;
}
