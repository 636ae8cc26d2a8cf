import type { FlowBranch, FlowPart, FlowState, FlowView } from './flow.ts';
import { axesText } from './number-text.ts';

/** A drawing of a flow in plain numbers: y grows downwards, the stream upwards. */
export interface FlowLayout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly FlowBox[];
  readonly sums: readonly FlowSum[];
  readonly edges: readonly FlowEdge[];
}

export interface FlowBox {
  readonly id: string;
  readonly kind: 'norm' | 'attention' | 'feed-forward' | 'other' | 'state';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly path: string;
  /** For a sublayer that is open: its statements. */
  readonly branch: FlowBranch | undefined;
  readonly isOpen: boolean;
}

export interface FlowSum {
  readonly x: number;
  readonly y: number;
  readonly state: FlowState;
}

export interface FlowEdge {
  readonly kind: 'trunk' | 'read' | 'write';
  readonly points: readonly (readonly [number, number])[];
  /** Its shape, and for what flows on the trunk or into it the norm. */
  readonly shape: string;
  readonly norm: number | undefined;
  /** Width of the line: norms to scale. */
  readonly thickness: number;
  /** Where its text stands. */
  readonly at: readonly [number, number];
}

export const flowSizes = {
  trunk: 74,
  column: 190,
  columnWidth: 170,
  openWidth: 380,
  box: 34,
  line: 20,
  gap: 26,
  thickest: 14,
} as const;

/** Lays a flow out: the trunk on the left, branches to its right, those that read the same state side by side. */
export function flowLayout(view: FlowView, open: ReadonlySet<string>): FlowLayout {
  const drawing = new Drawing(view, open);
  drawing.draw();
  return drawing.result();
}

const margin = 4;

type BranchPart = FlowPart & { readonly kind: 'branch' };

class Drawing {
  readonly #view: FlowView;
  readonly #open: ReadonlySet<string>;
  readonly #boxes: FlowBox[] = [];
  readonly #sums: FlowSum[] = [];
  readonly #edges: FlowEdge[] = [];
  /** From the bottom upwards. */
  #height = 0;
  #width = 0;
  /** Where the trunk's last part ended. */
  #from = 0;

  constructor(view: FlowView, open: ReadonlySet<string>) {
    this.#view = view;
    this.#open = open;
  }

  draw(): void {
    const { start, parts } = this.#view;
    this.#stateBox(start);
    let state = start;
    for (let at = 0; at < parts.length; ) {
      const part = parts[at];
      if (part === undefined) break;
      if (part.kind === 'norm') {
        this.#trunkNorm(part, state);
        at++;
      } else {
        const group = groupAt(parts, at);
        this.#group(group, state);
        at += group.length;
      }
      state = parts[at - 1]?.state ?? state;
    }
    this.#height += flowSizes.gap;
    this.#trunk(state, this.#height);
    this.#stateBox(state);
  }

  /** Turned over: until here heights were counted from the bottom. */
  result(): FlowLayout {
    const height = this.#height + 2 * margin;
    const up = (y: number) => height - margin - y;
    return {
      width: Math.max(this.#width, flowSizes.trunk * 2) + 12,
      height,
      boxes: this.#boxes.map((box) => ({ ...box, y: up(box.y + box.height) })),
      sums: this.#sums.map((sum) => ({ ...sum, y: up(sum.y) })),
      edges: this.#edges.map((edge) => ({
        ...edge,
        points: edge.points.map(([x, y]) => [x, up(y)] as const),
        at: [edge.at[0], up(edge.at[1])],
      })),
    };
  }

  #stateBox(state: FlowState): void {
    const { trunk, box } = flowSizes;
    this.#box({
      id: `state ${state.step} ${this.#height}`,
      kind: 'state',
      x: trunk - 66,
      y: this.#height,
      width: 132,
      height: box - 8,
      title: state.label,
      path: state.path,
    });
    this.#height += box - 8;
    this.#from = this.#height;
  }

  #trunkNorm(part: FlowPart & { readonly kind: 'norm' }, before: FlowState): void {
    const { trunk, box, gap } = flowSizes;
    this.#height += gap;
    this.#trunk(before, this.#height);
    this.#box({
      id: part.state.path,
      kind: 'norm',
      x: trunk - 56,
      y: this.#height,
      width: 112,
      height: box - 6,
      title: part.name,
      path: part.state.path,
    });
    this.#height += box - 6;
    this.#from = this.#height;
  }

  /** Branches that read the same state, side by side; then their sums, one above the other. */
  #group(parts: readonly BranchPart[], before: FlowState): void {
    const { trunk, box, gap } = flowSizes;
    const tap = this.#height + gap;
    const norms = new Map<string, number>();
    let left = trunk + 96;
    let top = tap;
    const placed = parts.map((part) => {
      const { branch } = part;
      const isOpen = this.#open.has(branch.path);
      const width = isOpen ? flowSizes.openWidth : flowSizes.columnWidth;
      const x = left;
      left += width + gap;
      const known = branch.norm && norms.get(branch.norm.path);
      const from = known ?? x + width / 2;
      let y = tap;
      if (branch.norm !== undefined) {
        if (known === undefined) this.#branchNorm(branch, x, width, tap, norms);
        y += gap + box - 6;
      }
      const tall = isOpen ? box + branch.equations.length * flowSizes.line + 8 : box;
      const sublayer = y + gap;
      if (branch.reads !== undefined && (branch.norm === undefined || known !== undefined)) {
        this.#read(branch, branch.norm === undefined ? trunk : from, y, x + width / 2, sublayer);
      } else if (branch.norm !== undefined)
        this.#read(branch, x + width / 2, y, x + width / 2, sublayer);
      this.#box({
        id: branch.path,
        kind: branch.does,
        x,
        y: sublayer,
        width,
        height: tall,
        title: branch.name,
        path: branch.path,
        branch,
        isOpen,
      });
      top = Math.max(top, sublayer + tall);
      return { part, x: x + width / 2, y: sublayer + tall };
    });
    let state = before;
    let y = top;
    for (const { part, ...end } of placed) {
      y += gap + 4;
      this.#trunk(state, y - 9);
      this.#write(part.branch, end, y);
      this.#sums.push({ x: trunk, y, state: part.state });
      this.#from = y + 9;
      state = part.state;
    }
    this.#height = y + 9;
  }

  #branchNorm(
    branch: FlowBranch,
    x: number,
    width: number,
    tap: number,
    norms: Map<string, number>,
  ): void {
    if (branch.norm === undefined) return;
    const { trunk, gap, box } = flowSizes;
    const middle = x + width / 2;
    this.#edges.push({
      kind: 'read',
      points: [
        [trunk, tap],
        [middle, tap],
        [middle, tap + gap],
      ],
      shape: axesText(branch.axes),
      norm: undefined,
      thickness: 1.5,
      at: [trunk + 14, tap + 5],
    });
    this.#box({
      id: branch.norm.path,
      kind: 'norm',
      x: middle - 56,
      y: tap + gap,
      width: 112,
      height: box - 6,
      title: branch.norm.name,
      path: branch.norm.path,
    });
    norms.set(branch.norm.path, middle);
  }

  #read(branch: FlowBranch, x: number, y: number, toX: number, toY: number): void {
    const points: (readonly [number, number])[] =
      x === toX
        ? [
            [x, y],
            [x, toY],
          ]
        : [
            [x, branch.norm === undefined ? y : y + 8],
            [toX, branch.norm === undefined ? y : y + 8],
            [toX, toY],
          ];
    const shape = branch.norm === undefined ? axesText(branch.axes) : '';
    this.#edges.push({
      kind: 'read',
      points,
      shape,
      norm: undefined,
      thickness: 1.5,
      at: [flowSizes.trunk + 14, y + 5],
    });
  }

  #write(branch: FlowBranch, from: { readonly x: number; readonly y: number }, y: number): void {
    this.#edges.push({
      kind: 'write',
      points: [
        [from.x, from.y],
        [from.x, y],
        [flowSizes.trunk + 10, y],
      ],
      shape: axesText(branch.axes),
      norm: branch.size,
      thickness: this.#thickness(branch.size),
      at: [flowSizes.trunk + 24, y + 9],
    });
  }

  #trunk(state: FlowState, to: number): void {
    this.#edges.push({
      kind: 'trunk',
      points: [
        [flowSizes.trunk, this.#from],
        [flowSizes.trunk, to],
      ],
      shape: axesText(state.axes),
      norm: state.norm,
      thickness: this.#thickness(state.norm),
      at: [flowSizes.trunk - 14, (this.#from + to) / 2],
    });
  }

  #thickness(norm: number): number {
    const { largest } = this.#view;
    const share = largest > 0 && Number.isFinite(norm) ? norm / largest : 0;
    return Math.max(1, flowSizes.thickest * share);
  }

  #box(box: Omit<FlowBox, 'branch' | 'isOpen'> & Partial<FlowBox>): void {
    this.#boxes.push({ branch: undefined, isOpen: false, ...box });
    this.#width = Math.max(this.#width, box.x + box.width);
  }
}

/** A run of branches that read one state: one after another they each read their own. */
function groupAt(parts: readonly FlowPart[], at: number): readonly BranchPart[] {
  const group: BranchPart[] = [];
  for (const part of parts.slice(at)) {
    if (part.kind !== 'branch') break;
    const [first] = group;
    if (first !== undefined && first.branch.reads !== part.branch.reads) break;
    group.push(part);
  }
  return group;
}
