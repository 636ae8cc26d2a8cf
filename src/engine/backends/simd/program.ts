/** A plan in memory: can be run, run again with other inputs, and read. */
import type { Graph, NodeId, OperatorNode } from '../../../graph/index.ts';
import type { Tape } from '../../../kernels/index.ts';
import type { HostTensor } from '../../../ops/index.ts';
import type { Timing } from '../../../trace/index.ts';
import type { RunControl } from '../../backend.ts';
import { nodeCall, withFaults } from '../../node-call.ts';
import type { Pace } from '../../pace.ts';
import type { KernelMemory } from './kernel-memory.ts';
import type { Operands, Place, Plan, Step } from './plan.ts';

/** Below this many multiplications and additions waking other workers takes longer than they save. */
const workPerThread = 5e6;

type LoadedStep = Exclude<Step, { kind: 'tape' }> | LoadedTape;

interface LoadedTape {
  readonly kind: 'tape';
  readonly tape: Tape;
  readonly nodes: readonly NodeId[];
  /** When each instruction of the last run began, and when it ended. */
  clock: Float64Array | undefined;
}

export class Program {
  readonly graph: Graph;
  readonly plan: Plan;
  /** Values that are still in memory. */
  readonly places: Map<NodeId, Place>;
  readonly #memory: KernelMemory;
  readonly #steps: readonly LoadedStep[];
  #released = false;

  constructor(graph: Graph, plan: Plan, memory: KernelMemory) {
    this.graph = graph;
    this.plan = plan;
    this.places = new Map(plan.places);
    this.#memory = memory;
    this.#steps = plan.steps.map((step) =>
      step.kind === 'tape'
        ? {
            kind: 'tape',
            tape: memory.tapeOf(step.entries),
            nodes: step.entries.map(({ node }) => node),
            clock: undefined,
          }
        : step,
    );
  }

  /** Whether its values were let go of. */
  get isReleased(): boolean {
    return this.#released;
  }

  /** Fills what is not in memory yet, then runs every step. */
  async run(control: RunControl, pace: Pace): Promise<void> {
    this.#memory.reserve();
    for (const { node, resident, fill } of this.plan.loads) {
      if (resident.loaded) continue;
      await pace.step();
      control.progress(0, this.graph.nodes.length, this.graph.nodes[node]?.path ?? '');
      fill(resident.buffer);
      resident.loaded = true;
    }
    const threads = this.plan.work > workPerThread ? this.#memory.threads : 1;
    for (const step of this.#steps) {
      await pace.step();
      if (step.kind !== 'tape') this.#runOnHost(step);
      else await this.#runTape(step, threads, control);
    }
  }

  async #runTape(step: LoadedTape, threads: number, control: RunControl): Promise<void> {
    const { tape, nodes } = step;
    const total = this.graph.nodes.length;
    step.clock = await this.#memory.run(tape, threads, control.signal, (done) => {
      const node = nodes[Math.min(done, nodes.length - 1)] ?? 0;
      control.progress(node, total, this.graph.nodes[node]?.path ?? '');
    });
  }

  #runOnHost(step: Exclude<Step, { kind: 'tape' }>): void {
    const { node, operands } = step;
    const tensorOf = (id: NodeId): HostTensor => ({
      shape: this.graph.nodes[id]?.shape ?? [],
      data: this.#operandValues(operands, id),
    });
    if (step.kind === 'check') {
      withFaults(node, () => node.op.guard?.check(nodeCall(node, tensorOf)));
      return;
    }
    const values = withFaults(node, () => node.op.reference(nodeCall(node, tensorOf)));
    this.#memory.numbers(step.result.buffer, values.length).set(values);
  }

  #operandValues(operands: Operands, id: NodeId): Float64Array {
    const place = operands.get(id);
    if (place === undefined) return new Float64Array();
    return Float64Array.from(this.#memory.valuesAt(place));
  }

  /** Per operator of the graph, in the order in which they ran. */
  timings(): readonly Timing[] {
    const spent = new Map<NodeId, number>();
    for (const step of this.#steps) {
      if (step.kind !== 'tape') continue;
      for (const [at, node] of step.nodes.entries()) {
        const [begun = 0, ended = 0] = step.clock?.slice(at, at + 2) ?? [];
        spent.set(node, (spent.get(node) ?? 0) + ended - begun);
      }
    }
    return [...spent].map(([id, milliseconds]) => {
      const node = this.graph.nodes[id] as OperatorNode;
      return { operator: node.op?.name ?? '', path: node.path, milliseconds };
    });
  }

  /** Makes room: all values are computed again when they are looked at, and the plan itself is not run again. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    for (const { buffer } of this.places.values()) this.#memory.arena.release(buffer);
    this.places.clear();
    for (const buffer of this.plan.held) this.#memory.arena.release(buffer);
  }
}
