/** Walks a graph in order and writes down where every value will lie and what the kernels will do. */
import { t } from '@vscode/l10n';
import type { NodeId, OperatorNode } from '../../../graph/index.ts';
import { type Instruction, packedLength } from '../../../kernels/index.ts';
import { countOf } from '../../../ops/index.ts';
import { MemoryShort } from '../../backend.ts';
import { contentKey, type HalfValues } from '../../feed.ts';
import { Arena, type Buffer } from './arena.ts';
import { withoutNeedlessBarriers } from './barriers.ts';
import { rowsCollapsed } from './collapse.ts';
import { emitForm } from './emit.ts';
import { emitProduct } from './emit-product.ts';
import { type Fusion, operandsRead } from './fusion.ts';
import { bytesPerNumber } from './keeping.ts';
import { isDense, type Layout, regrouped, straight, viewThrough } from './layout.ts';
import { type LoweredGraph, operandOf } from './lowered.ts';
import {
  addressOf,
  type Load,
  type Operands,
  type Packing,
  type Place,
  type Plan,
  type PlanWriter,
  type Read,
  type Resolved,
  type Step,
  type WrittenEntry,
} from './plan.ts';
import type { PlanRequest } from './plan-request.ts';

export class Planner implements PlanWriter {
  readonly lowered: LoweredGraph;
  readonly fusion: Fusion;
  readonly #request: PlanRequest;
  readonly #targets: ReadonlySet<NodeId>;
  readonly #places = new Map<NodeId, Place>();
  readonly #resolved = new Map<NodeId, Resolved>();
  /** How many readers are still to come. */
  readonly #readers = new Map<NodeId, number>();
  /** What the plan keeps as long as it may run: the chunks of `#scratch`, and what the run was given. */
  readonly #held: Buffer[] = [];
  /**
   * Places of values that nobody looks at later. They are the plan's own and are used again within it only: what the
   * run was given is loaded before the first instruction, and must not lie where an instruction writes.
   */
  readonly #scratch = new Arena((bytes) => {
    const chunk = this.#allocate(bytes);
    this.#held.push(chunk);
    return { start: chunk.address, end: chunk.address + chunk.bytes };
  });
  readonly #loads: Load[] = [];
  /** What the run was given and this plan holds already. */
  readonly #given = new Map<string, Buffer>();
  readonly #steps: Step[] = [];
  #entries: WrittenEntry[] = [];
  /** To be released when the node at hand is written. */
  #passing: Buffer[] = [];
  #work = 0;

  constructor(request: PlanRequest) {
    this.#request = request;
    this.lowered = request.lowered;
    this.fusion = request.fusion;
    this.#targets = new Set(request.targets);
  }

  /** Throws MemoryShort, and then holds nothing. */
  build(): Plan {
    try {
      const order = this.#neededNodes();
      for (const id of order) this.#emitNode(id);
      this.#endTape();
    } catch (error) {
      this.#releaseAll();
      throw error;
    }
    const places = new Map([...this.#targets].map((id) => [id, this.#placeOf(id)] as const));
    for (const [id, { buffer }] of this.#places) {
      if (!this.#targets.has(id) && this.#request.known(id) !== undefined) this.#held.push(buffer);
    }
    return {
      loads: this.#loads,
      steps: this.#steps,
      places,
      held: this.#held,
      work: this.#work,
    };
  }

  /** Ascending, which is an order in which operands come first. */
  #neededNodes(): readonly NodeId[] {
    const needed = new Set<NodeId>();
    const open = [...this.#targets];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (needed.has(id)) continue;
      needed.add(id);
      for (const operand of this.#operandsOf(id)) {
        this.#readers.set(operand, (this.#readers.get(operand) ?? 0) + 1);
        open.push(operand);
      }
    }
    return [...needed].sort((a, b) => a - b);
  }

  /** What must be in memory when the node is written. */
  #operandsOf(id: NodeId): readonly NodeId[] {
    return this.#request.known(id) === undefined ? operandsRead(this.lowered, this.fusion, id) : [];
  }

  #emitNode(id: NodeId): void {
    const lowered = this.lowered.nodes[id];
    const known = this.#request.known(id);
    if (known !== undefined) {
      known.buffer.holders++;
      this.#places.set(id, known);
      return;
    }
    if (lowered?.kind !== 'form' && lowered?.kind !== 'reference') return;
    if (lowered.kind === 'form' && lowered.form.kind === 'view' && this.#resolveView(id)) return;
    this.#check(lowered.node);
    const product = this.fusion.products.get(id);
    if (product !== undefined) this.#emitted(id, emitProduct(this, id, product));
    else if (lowered.kind === 'form') this.#emitted(id, emitForm(this, lowered.node, lowered.form));
    else this.#emitted(id, false);
    for (const operand of this.#operandsOf(id)) this.#readBy(operand);
    for (const buffer of this.#passing) this.#scratch.release(buffer);
    this.#passing = [];
  }

  /** What no kernel can do its reference does. */
  #emitted(id: NodeId, done: boolean): void {
    if (done) return;
    const node = this.lowered.nodes[id]?.node as OperatorNode;
    const operands = this.#denseOperands(node);
    const result = this.result(id);
    this.#endTape();
    this.#steps.push({ kind: 'reference', node, operands, result });
  }

  #check(node: OperatorNode): void {
    const { guard } = node.op;
    if (guard === undefined) return;
    const named = node.operands.filter(({ name }) => guard.operands.includes(name));
    const operands = new Map(named.map(({ node: id }) => [id, this.densePlace(id)]));
    const given = named.every(({ node: id }) => {
      const kind = this.lowered.nodes[id]?.kind;
      return kind === 'given' || kind === 'constant';
    });
    const step: Step = { kind: 'check', node, operands };
    // What the run was given is there before the first instruction, so the tape need not be cut.
    if (given) this.#steps.unshift(step);
    else {
      this.#endTape();
      this.#steps.push(step);
    }
  }

  #denseOperands(node: OperatorNode): Operands {
    return new Map(node.operands.map(({ node: id }) => [id, this.densePlace(id)]));
  }

  /** False where the view needs values of its own. */
  #resolveView(id: NodeId): boolean {
    const lowered = this.lowered.nodes[id];
    if (lowered?.kind !== 'form' || lowered.form.kind !== 'view') return false;
    const operand = operandOf(lowered.node, lowered.form.of);
    const { root, layout } = this.resolve(operand);
    const seen = viewThrough(layout, lowered.form.view);
    const own = seen && regrouped(seen, lowered.node.shape);
    if (own === undefined || this.#targets.has(id)) return false;
    this.#resolved.set(id, { root, layout: own });
    return true;
  }

  /** A reader is done: the last one lets go of the place, or, for a view, of what it looks at. */
  #readBy(id: NodeId): void {
    const left = (this.#readers.get(id) ?? 0) - 1;
    this.#readers.set(id, left);
    if (left > 0 || this.#targets.has(id)) return;
    if (this.#resolved.has(id)) {
      for (const operand of this.#operandsOf(id)) this.#readBy(operand);
      return;
    }
    const place = this.#places.get(id);
    if (place === undefined) return;
    this.#places.delete(id);
    const { arena } = this.#request.given;
    (this.#request.known(id) === undefined ? this.#scratch : arena).release(place.buffer);
  }

  #placeOf(id: NodeId): Place {
    const place = this.#places.get(id);
    if (place === undefined) throw new Error(`Node ${id} was not written.`);
    return place;
  }

  #endTape(): void {
    if (this.#entries.length === 0) return;
    this.#steps.push({ kind: 'tape', entries: withoutNeedlessBarriers(this.#entries) });
    this.#entries = [];
  }

  #releaseAll(): void {
    const { arena } = this.#request.given;
    for (const [id, { buffer }] of this.#places) if (this.#isOutside(id)) arena.release(buffer);
    for (const buffer of this.#held) arena.release(buffer);
  }

  /** Whether a value lies in a place of its own, and not among what the plan uses again. */
  #isOutside(id: NodeId): boolean {
    return this.#targets.has(id) || this.#request.known(id) !== undefined;
  }

  // What follows is for those who write instructions.

  node(id: NodeId) {
    const lowered = this.lowered.nodes[id];
    if (lowered === undefined) throw new Error(`There is no node ${id}.`);
    return lowered.node;
  }

  /** Which node's buffer a value is in, and how; loads nothing. */
  resolve(id: NodeId): Resolved {
    const known = this.#resolved.get(id);
    if (known !== undefined) return known;
    return { root: id, layout: this.#places.get(id)?.layout ?? straight(this.node(id).shape) };
  }

  /** Where a value is; what the run was given is to be loaded then. */
  place(id: NodeId): Place {
    const { root, layout } = this.resolve(id);
    const known = this.#places.get(root);
    if (known !== undefined) return { buffer: known.buffer, layout };
    const { given } = this.#request;
    const bytes = countOf(this.node(root).shape) * bytesPerNumber;
    const buffer = this.#hold(
      root,
      bytes,
      (key) => `plain ${key}`,
      (target) => given.fill(root, target),
    );
    return { buffer, layout };
  }

  /** Where a value's numbers lie side by side. */
  densePlace(id: NodeId): Place {
    const place = this.place(id);
    return isDense(place.layout) ? place : this.copied(id, this.node(id).shape);
  }

  /** Side by side, for the node at hand only. */
  copied(id: NodeId, shape: readonly number[]): Place {
    const from = this.place(id);
    const buffer = this.#scratchOf(countOf(shape));
    this.#passing.push(buffer);
    const place = { buffer, layout: straight(shape) };
    const { shape: axes, strides } = rowsCollapsed(shape, [
      from.layout.strides,
      place.layout.strides,
    ]);
    const [x, y] = strides as [readonly number[], readonly number[]];
    this.write(id, [{ buffer: from.buffer, byRow: false }], buffer, {
      kind: 'copy',
      shape: axes,
      x: { address: addressOf(from.buffer, from.layout), strides: x },
      y: { address: buffer.address, strides: y },
    });
    return place;
  }

  /** A place for the value of the node at hand. */
  result(id: NodeId, layout: Layout = straight(this.node(id).shape)): Place {
    const count = countOf(layout.shape);
    const outside = this.#targets.has(id);
    const buffer = outside ? this.#allocate(count * bytesPerNumber) : this.#scratchOf(count);
    const place = { buffer, layout };
    this.#places.set(id, place);
    return place;
  }

  /** A matrix that the run was given, arranged for the kernel. */
  packed(id: NodeId, root: NodeId, packing: Packing): Buffer {
    const { given, variant, keepsHalves } = this.#request;
    const { inner, columns, layout } = packing;
    const length = packedLength(inner, columns, variant);
    const half = keepsHalves ? given.halfOf(root) : undefined;
    if (half !== undefined) return this.#widened(id, root, packing, half, length);
    const how = `${variant} ${inner} ${columns} ${layout.strides} ${layout.base}`;
    return this.#hold(
      root,
      length * bytesPerNumber,
      (key) => `packed ${how} ${key}`,
      (target) => given.pack(root, packing, target),
    );
  }

  /** Stored in 16 bits, and arranged for the node at hand only. */
  #widened(
    id: NodeId,
    root: NodeId,
    { inner, columns, layout }: Packing,
    { type, bits }: HalfValues,
    length: number,
  ): Buffer {
    const { given } = this.#request;
    const bytes = Uint16Array.BYTES_PER_ELEMENT;
    const stored = this.#hold(
      root,
      countOf(this.node(root).shape) * bytes,
      (key) => `half ${key}`,
      (target) => given.writeBits(bits(), target),
    );
    const target = this.#scratchOf(length);
    this.#passing.push(target);
    const address = stored.address + layout.base * bytes;
    this.write(id, [{ buffer: stored, byRow: false }], target, {
      kind: 'pack',
      ...{ inner, columns, stored: type, target: target.address },
      b: { address, strides: layout.strides },
    });
    return target;
  }

  /** Numbers that the kernels need and the graph does not have. */
  table(values: Float32Array, node: NodeId): Buffer {
    const { write } = this.#request.given;
    const bytes = values.length * bytesPerNumber;
    const key = `table ${contentKey(values)}`;
    return this.#hold(
      node,
      bytes,
      () => key,
      (target) => write(values, target),
    );
  }

  write(
    node: NodeId,
    reads: readonly Read[],
    writes: Buffer,
    instruction: Instruction,
    work = 0,
  ): void {
    this.#work += work;
    this.#entries.push({ node, instruction, reads, writes });
  }

  #hold(
    node: NodeId,
    bytes: number,
    keyFor: (given: string) => string,
    fill: (target: Buffer) => void,
  ): Buffer {
    const { values, keyOf } = this.#request.given;
    const key = keyFor(keyOf(node));
    const held = this.#given.get(key);
    if (held !== undefined) return held;
    let resident = values.hold(key, bytes);
    while (resident === undefined) {
      if (!values.evict()) throw this.#short(bytes);
      resident = values.hold(key, bytes);
    }
    this.#held.push(resident.buffer);
    this.#given.set(key, resident.buffer);
    this.#loads.push({ node, resident, keyFor, fill });
    return resident.buffer;
  }

  #scratchOf(count: number): Buffer {
    const buffer = this.#scratch.allocate(count * bytesPerNumber);
    if (buffer === undefined) throw new Error('The scratch grows, or throws MemoryShort.');
    return buffer;
  }

  #allocate(bytes: number): Buffer {
    const { arena, values } = this.#request.given;
    for (;;) {
      const buffer = arena.allocate(bytes);
      if (buffer !== undefined) return buffer;
      if (!values.evict()) throw this.#short(bytes);
    }
  }

  #short(bytes: number): MemoryShort {
    const { used } = this.#request.given.arena;
    return new MemoryShort(
      t`${megabytes(bytes)} are missing beside the ${megabytes(used)} in use: the memory of the kernels is full.`,
    );
  }
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MiB`;
}
