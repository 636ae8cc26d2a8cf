/** Whether a run fits, before it starts. */
import { totalmem } from 'node:os';
import type { Graph } from '../graph/index.ts';
import { type Diagnostic, diagnostic } from '../shapes/index.ts';
import type { SourceRange } from '../trace/index.ts';

/** Parameters and inputs are float64 on the host and float32 in the engine; what is computed is float32. */
const bytesGiven = 12;
const bytesComputed = 4;
/** The rest belongs to the editor and to everything else. */
const shareOfMemory = 0.75;
const gibibyte = 2 ** 30;

/** Undefined where it fits. */
export function tooLarge(graph: Graph, place: SourceRange): Diagnostic | undefined {
  const bytes = graph.nodes.reduce((sum, node) => {
    const count = node.shape.reduce((product, length) => product * length, 1);
    return sum + count * (node.kind === 'operator' ? bytesComputed : bytesGiven);
  }, 0);
  const available = totalmem() * shareOfMemory;
  if (bytes <= available) return undefined;
  const [needed, there] = [bytes, available].map((amount) => (amount / gibibyte).toFixed(1));
  const message = `This run needs ${needed} GiB with every value kept, and ${there} GiB are to be had: make the dims smaller.`;
  return diagnostic('tooLarge', place, message);
}
