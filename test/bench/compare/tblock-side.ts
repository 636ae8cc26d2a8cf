/**
 * TBlock as one of the processes that are compared: the engine with a graph and feeds that are there, as a peer has its
 * model and weights loaded. One run is one `runGraph`, after which every value can be read.
 */
import { type Feeds, type GraphRun, openEngine } from '../../../src/engine/index.ts';
import type { Graph } from '../../../src/graph/index.ts';
import { serve } from '../peers/line.mjs';
import { feedsOf, graphOf } from './program.ts';
import type { Work } from './work.ts';

const engine = openEngine(process.env);
const control = { signal: new AbortController().signal, progress: () => {} };
let graph: Graph | undefined;
let feeds: readonly Feeds[] = [];

await serve<GraphRun>({
  prepare: async (work: Work) => {
    graph = graphOf(work);
    feeds = feedsOfTurns(graph, work);
    const run = await runOnce(0);
    run.execution.dispose();
    return `TBlock on ${run.report.description}, Node ${process.versions.node}`;
  },
  run: runOnce,
  read: (run, path) => run.execution.read(nodeOf(path)),
  release: (run) => run.execution.dispose(),
});

function runOnce(turn: number): Promise<GraphRun> {
  const given = feeds[turn % feeds.length];
  if (graph === undefined || given === undefined) throw new Error('Nothing is prepared.');
  return engine.runGraph(graph, given, 'cpu', control);
}

/** With an edit, the feeds of odd turns differ in one tensor; all others are the same objects. */
function feedsOfTurns(of: Graph, work: Work): readonly Feeds[] {
  const original = feedsOf(of, work);
  const id = of.values.get(work.edited ?? '');
  const tensor = id === undefined ? undefined : original.get(id);
  if (id === undefined || tensor === undefined) return [original];
  const data = tensor.data.map((value) => value * 1.5);
  return [original, new Map([...original, [id, { ...tensor, data }]])];
}

function nodeOf(path: string): number {
  const id = graph?.values.get(graph.aliases.get(path) ?? path);
  if (id === undefined) throw new Error(`The graph has no ${path}.`);
  return id;
}
