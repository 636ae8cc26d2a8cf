/** The backends that programs are compared on, as engines of their own. */
import { type Engine, openEngine } from '../../src/engine/index.ts';
import { type KernelBackendName, openBackend } from '../engine/test-backends.ts';

export interface BackendCase {
  readonly name: KernelBackendName | 'reference';
  readonly tolerance: number;
}

/** An engine with one backend, whatever is wished for; it never falls back to another. */
export async function engineOf(name: BackendCase['name']): Promise<Engine> {
  if (name === 'reference') return openEngine({});
  const backend = await openBackend(name);
  return {
    runGraph: async (graph, feeds, _wish, control) => {
      const start = performance.now();
      const execution = await backend.execute(graph, feeds, control);
      const report = { ...backend.report, reason: 'Chosen by the test.' };
      const memory = { expected: backend.estimate(graph), process: 0 };
      return { execution, report, milliseconds: performance.now() - start, memory };
    },
    estimate: async (graph) => backend.estimate(graph),
    close: () => backend.close(),
  };
}
