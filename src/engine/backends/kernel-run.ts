/** One graph on one device, node by node. */
import { t } from '@vscode/l10n';
import type { Graph, Node, NodeId, OperatorNode } from '../../graph/index.ts';
import { type GpuStep, type KernelArgument, type Operand, OpFault } from '../../ops/index.ts';
import type { Timing } from '../../trace/index.ts';
import { type RunControl, RunFault } from '../backend.ts';
import type { Feeds } from '../feed.ts';
import { elementCount, nodeCall } from '../node-call.ts';
import { fillGiven, givenValues } from '../node-values.ts';
import { type Pace, startPace } from '../pace.ts';
import type { KernelDevice, KernelOperand, Launched } from './kernel-device.ts';
import { asFailure } from './kernel-failure.ts';
import type { Hold } from './residents.ts';
import { type FormPlan, noForms, planForms } from './through-views.ts';

export interface KeyedGraph {
  readonly graph: Graph;
  readonly feeds: Feeds;
  /** One per node. */
  readonly keys: readonly string[];
}

export class KernelRun<Values> {
  readonly #device: KernelDevice<Values>;
  readonly #hold: Hold<Values>;
  readonly #graph: Graph;
  readonly #feeds: Feeds;
  /** Under which key each node's values lie: an operator without kernels only renames those of its operand. */
  readonly #keys: string[];
  readonly #timings = new Map<NodeId, Timing>();
  readonly #plan: FormPlan;
  /** Whether values that no later node reads are freed, to be made again when somebody looks at them. */
  #keepsLittle = false;

  constructor(
    device: KernelDevice<Values>,
    hold: Hold<Values>,
    { graph, feeds, keys }: KeyedGraph,
  ) {
    this.#device = device;
    this.#hold = hold;
    this.#graph = graph;
    this.#feeds = feeds;
    this.#keys = [...keys];
    this.#plan = device.own ? planForms(graph, device.own.take) : noForms;
  }

  /** Computes what is not there and what is not only looked at. */
  async runAll(control: RunControl): Promise<void> {
    const total = this.#graph.nodes.length;
    const nodes = this.#graph.nodes.filter(({ id }) => !this.#plan.unread.has(id));
    await this.#compute(nodes, control);
    control.progress(total, total, '');
  }

  /** Begins anew, and frees from here on what it has read. False where that gives no room. */
  keepLittle(): boolean {
    const kept = this.#hold.dropComputed() || !this.#keepsLittle;
    this.#keepsLittle = true;
    return kept;
  }

  timings(): readonly Timing[] {
    return this.#graph.nodes.flatMap(({ id }) => this.#timings.get(id) ?? []);
  }

  /** Row-major values. */
  async read(id: NodeId): Promise<Float32Array | Float64Array> {
    const node = this.#node(id);
    if (node.kind !== 'operator') return givenValues(node, this.#feeds);
    if (elementCount(node.shape) === 0) return new Float32Array();
    const quiet = { signal: new AbortController().signal, progress: () => {} };
    if (!this.#hold.find(this.#key(id))) await this.#compute(this.#sourcesOf(node), quiet);
    const values = this.#values(id);
    return asFailure(t`${node.path ?? node.op.name} could not be read`, () =>
      this.#device.read(values),
    );
  }

  async #compute(nodes: readonly Node[], control: RunControl): Promise<void> {
    const settle = () => this.#settle();
    const pace = startPace(control, settle);
    for (const [at, node] of nodes.entries()) {
      await pace.step();
      const there = this.#hold.find(this.#key(node.id));
      if (there !== undefined) this.#note(node, there.timing);
      else if (node.kind !== 'operator') await this.#uploadGiven(node);
      else {
        control.progress(node.id, this.#graph.nodes.length, node.path ?? node.op.name);
        await this.#runNode(node, pace);
      }
      if (this.#keepsLittle) this.#dropRead(node, nodes.slice(at + 1));
    }
    await settle();
  }

  /** Frees computed values that this node read, and none of the later ones will. */
  #dropRead(node: Node, later: readonly Node[]): void {
    const readLater = new Set(
      later.flatMap((each) => this.#readBy(each)).map((id) => this.#key(id)),
    );
    for (const id of this.#readBy(node)) {
      const key = this.#key(id);
      const shared = key === this.#key(node.id) || readLater.has(key);
      if (!shared && this.#node(id).kind === 'operator') this.#hold.drop(key);
    }
  }

  #readBy(node: Node): readonly NodeId[] {
    if (node.kind !== 'operator') return [];
    const planned = this.#plan.forms.get(node.id);
    return planned?.operands ?? node.operands.map((operand) => operand.node);
  }

  async #settle(): Promise<void> {
    await asFailure(t`The device failed`, this.#device.settle);
    this.#hold.settle();
  }

  /** Values that were there tell how long they once took; those of this run know it already. */
  #note({ id, path }: Node, timing: Timing | undefined): void {
    if (timing === undefined || this.#timings.has(id)) return;
    const { operator, milliseconds } = timing;
    this.#timings.set(id, { operator, path, milliseconds, reused: true });
  }

  async #uploadGiven(node: Exclude<Node, OperatorNode>): Promise<void> {
    const length = elementCount(node.shape);
    const values = await asFailure(t`${node.path ?? t`A constant`} could not be uploaded`, () =>
      this.#upload(length, (target) => fillGiven(node, this.#feeds, target)),
    );
    this.#hold.put(this.#key(node.id), { values, timing: undefined });
  }

  async #runNode(node: OperatorNode, pace: Pace): Promise<void> {
    const { op, path } = node;
    const timing = { operator: op.name, path, milliseconds: 0, compileMilliseconds: 0 };
    this.#timings.set(node.id, timing);
    if (elementCount(node.shape) === 0) {
      this.#keys[node.id] = this.#made('nothing', 1, () => {});
      return;
    }
    await this.#guard(node);
    this.#device.watch?.(timing);
    const start = performance.now();
    const launched = (await this.#runForm(node)) ?? (await this.#runPlan(node, pace));
    timing.compileMilliseconds = launched?.compileMilliseconds ?? 0;
    if (launched === undefined) {
      const [operand] = node.operands;
      if (operand === undefined) throw new Error(`${op.name} has neither kernels nor operands.`);
      this.#keys[node.id] = this.#key(operand.node);
      return;
    }
    this.#hold.put(this.#key(node.id), { values: launched.values, timing });
    if (this.#device.watch !== undefined) return;
    await this.#settle();
    timing.milliseconds = performance.now() - start - timing.compileMilliseconds;
  }

  /** By a program of the device's own, where it has one. */
  async #runForm({ id, op, shape }: OperatorNode): Promise<Launched<Values> | undefined> {
    const planned = this.#plan.forms.get(id);
    const operands = planned?.operands.map((operand) => this.#values(operand)) ?? [];
    return asFailure(
      t`The program of ${op.name} failed`,
      () => planned && this.#device.own?.run(planned.form, operands, elementCount(shape)),
    );
  }

  /** Undefined where there is nothing to compute. */
  async #runPlan(node: OperatorNode, pace: Pace): Promise<Launched<Values> | undefined> {
    const steps = withFaults(node, () => node.op.gpu(nodeCall(node, (id) => this.#operand(id))));
    const results: Values[] = [];
    let compileMilliseconds = 0;
    try {
      for (const step of steps) {
        if (results.length > 0) await pace.step();
        const launched = await this.#runStep(node, step, steps, results);
        results.push(launched.values);
        compileMilliseconds += launched.compileMilliseconds;
      }
      const values = results.pop();
      return values === undefined ? undefined : { values, compileMilliseconds };
    } finally {
      for (const values of results) this.#device.free(values);
    }
  }

  async #runStep(
    node: OperatorNode,
    step: GpuStep,
    steps: readonly GpuStep[],
    results: readonly Values[],
  ): Promise<Launched<Values>> {
    if (step.length === 0) return { values: this.#upload(1, () => {}), compileMilliseconds: 0 };
    const args = step.args.map((argument) => this.#argument(node, argument, steps, results));
    return asFailure(t`Kernel ${step.kernel.name} of ${node.op.name} failed`, () =>
      this.#device.run(step.kernel, args, step.length),
    );
  }

  #argument(
    node: OperatorNode,
    argument: KernelArgument,
    steps: readonly GpuStep[],
    results: readonly Values[],
  ): KernelOperand<Values> {
    if (typeof argument === 'number') return { kind: 'number', number: argument };
    if ('table' in argument) {
      const { table } = argument;
      const key = this.#made(`table ${table}`, table.length, (target) => target.set(table));
      return { kind: 'table', values: this.#at(key), length: table.length };
    }
    if ('made' in argument) {
      const { key, length, fill } = argument.made;
      return { kind: 'values', values: this.#at(this.#made(`made ${key}`, length, fill)), length };
    }
    if ('step' in argument) {
      const values = results[argument.step];
      const length = steps[argument.step]?.length;
      if (values === undefined || length === undefined) {
        throw new Error(`A kernel of ${node.op.name} reads step ${argument.step} before it ran.`);
      }
      return { kind: 'values', values, length };
    }
    const id = operandOf(node, argument.operand, argument.part);
    return { kind: 'values', values: this.#values(id), length: elementCount(this.#node(id).shape) };
  }

  /** Kernels cannot tell of wrong values, so the operator's own check sees them here first. */
  async #guard(node: OperatorNode): Promise<void> {
    const { guard } = node.op;
    if (guard === undefined) return;
    const values = new Map<NodeId, Float64Array>();
    for (const { name, node: id } of node.operands) {
      if (guard.operands.includes(name)) values.set(id, Float64Array.from(await this.read(id)));
    }
    const tensorOf = (id: NodeId) => ({
      shape: this.#node(id).shape,
      data: values.get(id) ?? new Float64Array(),
    });
    withFaults(node, () => guard.check(nodeCall(node, tensorOf)));
  }

  /** The key of values that the processor makes, once per run. */
  #made(key: string, length: number, fill: (target: Float32Array) => void): string {
    if (this.#hold.find(key) === undefined) {
      this.#hold.put(key, { values: this.#upload(length, fill), timing: undefined });
    }
    return key;
  }

  /** A tensor without values becomes one zero, which no thread reads: devices have no empty buffers. */
  #upload(length: number, fill: (target: Float32Array) => void): Values {
    return length === 0 ? this.#device.upload(1, () => {}) : this.#device.upload(length, fill);
  }

  #values(id: NodeId): Values {
    return this.#at(this.#key(id));
  }

  #at(key: string): Values {
    const resident = this.#hold.find(key);
    if (resident === undefined) throw new Error(`There are no values under ${key}.`);
    return resident.values;
  }

  /** The node and what it takes to compute it, in order. */
  #sourcesOf(node: Node): readonly Node[] {
    const found = new Set<NodeId>([node.id]);
    for (const id of found) {
      if (this.#hold.find(this.#key(id)) !== undefined) continue;
      const source = this.#node(id);
      if (source.kind === 'operator')
        for (const operand of source.operands) found.add(operand.node);
    }
    return this.#graph.nodes.filter(({ id }) => found.has(id));
  }

  #operand(id: NodeId): Operand {
    const node = this.#node(id);
    return { shape: node.shape, constant: node.kind === 'constant' ? node.data : undefined };
  }

  #node(id: NodeId): Node {
    const node = this.#graph.nodes[id];
    if (node === undefined) throw new Error(`There is no node ${id}.`);
    return node;
  }

  #key(id: NodeId): string {
    const key = this.#keys[id];
    if (key === undefined) throw new Error(`There is no node ${id}.`);
    return key;
  }
}

function operandOf(node: OperatorNode, name: string, part = 0): NodeId {
  const operand = node.operands.filter((each) => each.name === name)[part];
  if (operand === undefined) {
    throw new Error(`A kernel of ${node.op.name} reads '${name}', which is absent.`);
  }
  return operand.node;
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
