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
  columnWidth: 170,
  openWidth: 380,
  box: 34,
  line: 20,
  /** Of a statement whose shape stands under it. */
  twoLines: 36,
  gap: 26,
  thickest: 14,
} as const;

/**
 * Lays a flow out: the trunk on the left, branches to its right, those that read the same state side by side. `room` is
 * the width there is: below it the branches move closer to the trunk and become narrower.
 */
export function flowLayout(
  view: FlowView,
  open: ReadonlySet<string>,
  room = Number.POSITIVE_INFINITY,
): FlowLayout {
  const drawing = new Drawing(view, open, room);
  drawing.draw();
  return drawing.result();
}

/** How high a statement of an open sublayer is: in a narrow one its shape stands on a line of its own. */
export function equationHeight({ width }: Pick<FlowBox, 'width'>): number {
  return width < flowSizes.openWidth ? flowSizes.twoLines : flowSizes.line;
}

const margin = 4;
/** Beside the last branch. */
const end = 12;
/** What a branch needs for its statements, and for its name alone. */
const least = { open: 180, closed: 64 };

/** Where the trunk is, how wide what lies on it may be, how far from it the branches are, and how far from each other. */
const wide = { trunk: 74, onTrunk: 132, reach: 96, between: 26 };
const narrow = { trunk: 54, onTrunk: 104, reach: 30, between: 10 };

type BranchPart = FlowPart & { readonly kind: 'branch' };

class Drawing {
  readonly #view: FlowView;
  readonly #open: ReadonlySet<string>;
  readonly #room: number;
  readonly #form: typeof wide;
  readonly #boxes: FlowBox[] = [];
  readonly #sums: FlowSum[] = [];
  readonly #edges: FlowEdge[] = [];
  /** From the bottom upwards. */
  #height = 0;
  #width = 0;
  /** Where the trunk's last part ended. */
  #from = 0;

  constructor(view: FlowView, open: ReadonlySet<string>, room: number) {
    this.#view = view;
    this.#open = open;
    this.#room = room;
    const most = groupsOf(view.parts).reduce((count, group) => Math.max(count, group.length), 1);
    const { trunk, reach, between } = wide;
    const columns = most * flowSizes.columnWidth + (most - 1) * between;
    this.#form = trunk + reach + columns + end <= room ? wide : narrow;
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
      width: Math.max(this.#width, this.#form.trunk * 2) + end,
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
    const { box } = flowSizes;
    const { trunk, onTrunk } = this.#form;
    this.#box({
      id: `state ${state.step} ${this.#height}`,
      kind: 'state',
      x: trunk - onTrunk / 2,
      y: this.#height,
      width: onTrunk,
      height: box - 8,
      title: state.label,
      path: state.path,
    });
    this.#height += box - 8;
    this.#from = this.#height;
  }

  #trunkNorm(part: FlowPart & { readonly kind: 'norm' }, before: FlowState): void {
    const { box, gap } = flowSizes;
    const width = this.#form.onTrunk - 20;
    this.#height += gap;
    this.#trunk(before, this.#height);
    this.#box({
      id: part.state.path,
      kind: 'norm',
      x: this.#form.trunk - width / 2,
      y: this.#height,
      width,
      height: box - 6,
      title: part.name,
      path: part.state.path,
    });
    this.#height += box - 6;
    this.#from = this.#height;
  }

  /** Branches that read the same state, side by side; then their sums, one above the other. */
  #group(parts: readonly BranchPart[], before: FlowState): void {
    const { box, gap } = flowSizes;
    const { trunk, reach, between } = this.#form;
    const tap = this.#height + gap;
    const norms = new Map<string, number>();
    const widths = this.#widths(parts);
    let left = trunk + reach;
    let top = tap;
    const placed = parts.map((part, column) => {
      const { branch } = part;
      const isOpen = this.#open.has(branch.path);
      const width = widths[column] ?? flowSizes.columnWidth;
      const x = left;
      left += width + between;
      const known = branch.norm && norms.get(branch.norm.path);
      const from = known ?? x + width / 2;
      let y = tap;
      if (branch.norm !== undefined) {
        if (known === undefined) this.#branchNorm(branch, x, width, tap, norms);
        y += gap + box - 6;
      }
      const tall = isOpen ? box + branch.equations.length * equationHeight({ width }) + 8 : box;
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

  /** Columns of branches side by side, as wide as there is room: open ones get what closed ones leave. */
  #widths(parts: readonly BranchPart[]): readonly number[] {
    const { trunk, reach, between } = this.#form;
    const room = this.#room - trunk - reach - end - (parts.length - 1) * between;
    const open = parts.filter(({ branch }) => this.#open.has(branch.path)).length;
    const shut = parts.length - open;
    const closed = Math.min(
      flowSizes.columnWidth,
      Math.max(
        least.closed,
        open > 0 && shut > 0 ? (room - open * least.open) / shut : room / shut,
      ),
    );
    const opened = Math.max(
      least.open,
      Math.min(flowSizes.openWidth, (room - shut * closed) / Math.max(1, open)),
    );
    return parts.map(({ branch }) => (this.#open.has(branch.path) ? opened : closed));
  }

  #branchNorm(
    branch: FlowBranch,
    x: number,
    width: number,
    tap: number,
    norms: Map<string, number>,
  ): void {
    if (branch.norm === undefined) return;
    const { gap, box } = flowSizes;
    const { trunk } = this.#form;
    const middle = x + width / 2;
    const own = Math.min(112, width);
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
      x: middle - own / 2,
      y: tap + gap,
      width: own,
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
      at: [this.#form.trunk + 14, y + 5],
    });
  }

  #write(branch: FlowBranch, from: { readonly x: number; readonly y: number }, y: number): void {
    this.#edges.push({
      kind: 'write',
      points: [
        [from.x, from.y],
        [from.x, y],
        [this.#form.trunk + 10, y],
      ],
      shape: axesText(branch.axes),
      norm: branch.size,
      thickness: this.#thickness(branch.size),
      at: [this.#form.trunk + 24, y + 9],
    });
  }

  #trunk(state: FlowState, to: number): void {
    this.#edges.push({
      kind: 'trunk',
      points: [
        [this.#form.trunk, this.#from],
        [this.#form.trunk, to],
      ],
      shape: axesText(state.axes),
      norm: state.norm,
      thickness: this.#thickness(state.norm),
      at: [this.#form.trunk - 14, (this.#from + to) / 2],
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

/** All runs of branches of a flow. */
function groupsOf(parts: readonly FlowPart[]): readonly (readonly BranchPart[])[] {
  const groups: (readonly BranchPart[])[] = [];
  for (let at = 0; at < parts.length; ) {
    const group = groupAt(parts, at);
    if (group.length > 0) groups.push(group);
    at += Math.max(1, group.length);
  }
  return groups;
}
