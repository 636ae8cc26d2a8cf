/** The float64 reference: what every operator means, in plain loops. The other backends are compared with it. */
import type { Graph, NodeId, OperatorNode } from '../../graph/index.ts';
import { type HostTensor, OpFault } from '../../ops/index.ts';
import type { Timing } from '../../trace/index.ts';
import { type Backend, type Execution, type RunControl, RunFault } from '../backend.ts';
import type { Feeds } from '../feed.ts';
import { nodeCall } from '../node-call.ts';
import { givenValues, valueBytes } from '../node-values.ts';
import { startPace } from '../pace.ts';

export function referenceBackend(): Backend {
  return {
    report: { name: 'reference', description: 'float64 reference' },
    execute,
    estimate: (graph) => valueBytes(graph, Float64Array.BYTES_PER_ELEMENT),
    close: () => Promise.resolve(),
  };
}

async function execute(graph: Graph, feeds: Feeds, control: RunControl): Promise<Execution> {
  const tensors = new Map<NodeId, HostTensor>();
  const timings: Timing[] = [];
  const pace = startPace(control, () => Promise.resolve());
  for (const [done, node] of graph.nodes.entries()) {
    await pace.step();
    if (node.kind === 'operator') {
      control.progress(done, graph.nodes.length, node.path ?? node.op.name);
      const start = performance.now();
      tensors.set(node.id, { shape: node.shape, data: evaluate(node, tensors) });
      timings.push({
        operator: node.op.name,
        path: node.path,
        milliseconds: performance.now() - start,
      });
    } else {
      tensors.set(node.id, { shape: node.shape, data: givenValues(node, feeds) });
    }
  }
  control.progress(graph.nodes.length, graph.nodes.length, '');
  return {
    timings,
    read: async (id) => tensorOf(tensors, id).data,
    dispose: () => tensors.clear(),
  };
}

function evaluate(node: OperatorNode, tensors: ReadonlyMap<NodeId, HostTensor>): Float64Array {
  try {
    return node.op.reference(nodeCall(node, (id) => tensorOf(tensors, id)));
  } catch (error) {
    if (error instanceof OpFault) throw new RunFault(node.id, error.message, { cause: error });
    throw error;
  }
}

function tensorOf(tensors: ReadonlyMap<NodeId, HostTensor>, id: NodeId): HostTensor {
  const tensor = tensors.get(id);
  if (tensor === undefined) throw new Error(`Node ${id} has no values.`);
  return tensor;
}
