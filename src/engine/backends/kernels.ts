/** Runs the operator records' kernels on a device, node by node; values stay there until they are read. */
import type { Graph, NodeId, OperatorNode } from '../../graph/index.ts';
import { type GpuStep, type KernelArgument, OpFault } from '../../ops/index.ts';
import type { Timing } from '../../trace/index.ts';
import { type Backend, type Execution, type RunControl, RunFault } from '../backend.ts';
import type { Feeds } from '../feed.ts';
import { elementCount, nodeCall } from '../node-call.ts';
import { givenValues } from '../node-values.ts';
import { type Pace, startPace } from '../pace.ts';
import type { KernelDevice, KernelOperand } from './kernel-device.ts';

/** A kernel that the device cannot compile or run. Another backend may still run the graph. */
export class KernelFailure extends Error {
  override readonly name = 'KernelFailure';
}

export function kernelBackend<Values>(device: KernelDevice<Values>): Backend {
  return {
    report: { name: device.name, description: device.description },
    execute: async (graph, feeds, control) => {
      await asFailure('The device could not be opened', device.open);
      return new KernelRun(device, graph, feeds).execute(control);
    },
    close: device.close,
  };
}

/** A tensor of the run. Two nodes may share values: an operator without kernels only renames its operand. */
interface Resident<Values> {
  readonly shape: readonly number[];
  readonly values: Values;
  /** What was uploaded, so that it need not be read back. */
  readonly host: Float64Array | undefined;
}

class KernelRun<Values> {
  readonly #device: KernelDevice<Values>;
  readonly #graph: Graph;
  readonly #feeds: Feeds;
  readonly #residents = new Map<NodeId, Resident<Values>>();
  readonly #owned = new Set<Values>();

  constructor(device: KernelDevice<Values>, graph: Graph, feeds: Feeds) {
    this.#device = device;
    this.#graph = graph;
    this.#feeds = feeds;
  }

  async execute(control: RunControl): Promise<Execution> {
    const settle = () => asFailure('The device failed', this.#device.settle);
    try {
      const timings = await this.#runNodes(control, startPace(control, settle));
      await settle();
      control.progress(this.#graph.nodes.length, this.#graph.nodes.length, '');
      return {
        timings,
        read: (id) => this.#read(id),
        dispose: () => this.#dispose(),
      };
    } catch (error) {
      this.#dispose();
      throw error;
    }
  }

  async #runNodes(control: RunControl, pace: Pace): Promise<readonly Timing[]> {
    const timings: Timing[] = [];
    for (const [done, node] of this.#graph.nodes.entries()) {
      await pace.step();
      if (node.kind !== 'operator') {
        const host = givenValues(node, this.#feeds);
        const values = await asFailure(`${node.path ?? 'A constant'} could not be uploaded`, () =>
          this.#upload(host),
        );
        this.#residents.set(node.id, { shape: node.shape, values, host });
        continue;
      }
      control.progress(done, this.#graph.nodes.length, node.path ?? node.op.name);
      const start = performance.now();
      this.#residents.set(node.id, await this.#runNode(node, pace));
      timings.push({
        operator: node.op.name,
        path: node.path,
        milliseconds: performance.now() - start,
      });
    }
    return timings;
  }

  async #runNode(node: OperatorNode, pace: Pace): Promise<Resident<Values>> {
    const { shape } = node;
    if (elementCount(shape) === 0) return { shape, values: this.#upload([]), host: undefined };
    await this.#guard(node);
    const steps = this.#plan(node);
    const results: Values[] = [];
    for (const step of steps) {
      if (results.length > 0) await pace.step();
      results.push(await this.#runStep(node, step, steps, results));
    }
    const last = results.at(-1);
    if (last !== undefined) return { shape, values: last, host: undefined };
    const [operand] = node.operands;
    if (operand === undefined) throw new Error(`${node.op.name} has neither kernels nor operands.`);
    return { ...this.#resident(operand.node), shape };
  }

  /** Kernels cannot tell of wrong values, so the operator's own check sees them here first. */
  async #guard(node: OperatorNode): Promise<void> {
    const { guard } = node.op;
    if (guard === undefined) return;
    const values = new Map<NodeId, Float64Array>();
    for (const { name, node: id } of node.operands) {
      if (guard.operands.includes(name)) values.set(id, Float64Array.from(await this.#read(id)));
    }
    const tensorOf = (id: NodeId) => ({
      shape: this.#resident(id).shape,
      data: values.get(id) ?? new Float64Array(),
    });
    withFaults(node, () => guard.check(nodeCall(node, tensorOf)));
  }

  #plan(node: OperatorNode): readonly GpuStep[] {
    const tensorOf = (id: NodeId) => ({ shape: this.#resident(id).shape });
    return withFaults(node, () => node.op.gpu(nodeCall(node, tensorOf)));
  }

  async #runStep(
    node: OperatorNode,
    step: GpuStep,
    steps: readonly GpuStep[],
    results: readonly Values[],
  ): Promise<Values> {
    if (step.length === 0) return this.#upload([]);
    const args = step.args.map((argument) => this.#argument(node, argument, steps, results));
    const values = await asFailure(`Kernel ${step.kernel.name} of ${node.op.name} failed`, () =>
      this.#device.run(step.kernel, args, step.length),
    );
    this.#owned.add(values);
    return values;
  }

  #argument(
    node: OperatorNode,
    argument: KernelArgument,
    steps: readonly GpuStep[],
    results: readonly Values[],
  ): KernelOperand<Values> {
    if (typeof argument === 'number') return { kind: 'number', number: argument };
    if ('table' in argument) {
      const values = this.#upload(argument.table);
      return { kind: 'table', values, length: argument.table.length };
    }
    if ('step' in argument) {
      const values = results[argument.step];
      const length = steps[argument.step]?.length;
      if (values === undefined || length === undefined) {
        throw new Error(`A kernel of ${node.op.name} reads step ${argument.step} before it ran.`);
      }
      return { kind: 'values', values, length };
    }
    const operand = node.operands.filter(({ name }) => name === argument.operand)[
      argument.part ?? 0
    ];
    if (operand === undefined) {
      throw new Error(`A kernel of ${node.op.name} reads '${argument.operand}', which is absent.`);
    }
    const { values, shape } = this.#resident(operand.node);
    return { kind: 'values', values, length: elementCount(shape) };
  }

  /** A tensor without values becomes one zero, which no thread reads: devices have no empty buffers. */
  #upload(data: ArrayLike<number>): Values {
    const values = this.#device.upload(data.length === 0 ? [0] : data);
    this.#owned.add(values);
    return values;
  }

  #resident(id: NodeId): Resident<Values> {
    const resident = this.#residents.get(id);
    if (resident === undefined) throw new Error(`Node ${id} has no values.`);
    return resident;
  }

  async #read(id: NodeId): Promise<Float32Array | Float64Array> {
    const { shape, values, host } = this.#resident(id);
    if (host !== undefined) return host;
    return elementCount(shape) === 0 ? new Float32Array() : this.#device.read(values);
  }

  #dispose(): void {
    for (const values of this.#owned) this.#device.free(values);
    this.#owned.clear();
    this.#residents.clear();
  }
}

/** An operator's fault becomes the run's, at the node. */
function withFaults<Result>(node: OperatorNode, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (error instanceof OpFault) throw new RunFault(node.id, error.message, { cause: error });
    throw error;
  }
}

async function asFailure<Result>(
  what: string,
  action: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await action();
  } catch (error) {
    // A compiler's message is followed by the whole generated program; its first lines say what is wrong.
    const message = (error instanceof Error ? error.message : String(error)).split('\n--- ')[0];
    throw new KernelFailure(`${what}: ${message}`, { cause: error });
  }
}
