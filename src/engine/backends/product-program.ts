/**
 * A stack of matrix products in WGSL. A workgroup computes one tile of a result: it brings tiles of both operands into
 * memory that its threads share, in the order in which they lie, and each thread sums several values in registers.
 */

/** Threads of a workgroup, and how many rows and columns each of them sums. */
export interface Tile {
  readonly threads: readonly [rows: number, columns: number];
  readonly each: readonly [rows: number, columns: number];
}

/** Axes of a stack that the program can tell apart. */
export const mostAxes = 8;
/** How many numbers a call is told: those of one matrix, and four per axis of the stack. */
export const numbersLength = 12 + 4 * mostAxes;
/** Steps along the inner axis per tile. */
const depth = 16;

/** @param byLast whether a's values lie side by side along the inner axis, and b's along the columns */
export function productProgram(tile: Tile, byLast: readonly [boolean, boolean]): string {
  const name = `${tile.threads} ${tile.each} ${byLast}`;
  const known = written.get(name) ?? writeProgram(tile, byLast);
  written.set(name, known);
  return known;
}

const written = new Map<string, string>();

function writeProgram({ threads, each }: Tile, byLast: readonly [boolean, boolean]): string {
  const [height, width] = [threads[0] * each[0], threads[1] * each[1]];
  return `${declarations(height, width)}
@compute @workgroup_size(${threads[0] * threads[1]})
fn main(
  @builtin(workgroup_id) group : vec3<u32>,
  @builtin(local_invocation_index) thread : u32,
) {
  let start = startOf(group.z);
  let firstRow = group.y * ${height}u;
  let firstColumn = group.x * ${width}u;
  let y = thread / ${threads[1]}u;
  let x = thread % ${threads[1]}u;
  var sums : array<f32, ${each[0] * each[1]}>;
  for (var first = 0u; first < numbers.inner; first += ${depth}u) {
    ${load('a', height, byLast[0] ? 'inner' : 'outer', threads)}
    ${load('b', width, byLast[1] ? 'outer' : 'inner', threads)}
    workgroupBarrier();
    for (var k = 0u; k < ${depth}u; k++) {
      ${lines(each[0], (i) => `let a${i} = tileA[k * ${height + 1}u + y + ${i * threads[0]}u];`)}
      ${lines(each[1], (i) => `let b${i} = tileB[k * ${width + 1}u + x + ${i * threads[1]}u];`)}
      ${lines(each[0], (i) => lines(each[1], (j) => `sums[${i * each[1] + j}] += a${i} * b${j};`))}
    }
    workgroupBarrier();
  }
  for (var i = 0u; i < ${each[0] * each[1]}u; i++) {
    let row = firstRow + y + (i / ${each[1]}u) * ${threads[0]}u;
    let column = firstColumn + x + (i % ${each[1]}u) * ${threads[1]}u;
    if (row < numbers.rows && column < numbers.columns) {
      result[start.z + row * numbers.resultRow + column * numbers.resultColumn] = sums[i];
    }
  }
}`;
}

function lines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join('\n');
}

function declarations(height: number, width: number): string {
  // The pitch of a tile is odd, so that threads that write down a column use different banks of memory.
  return `struct Numbers {
  rows : u32, columns : u32, inner : u32, axes : u32, aStart : u32, bStart : u32,
  aRow : u32, aInner : u32, bInner : u32, bColumn : u32, resultRow : u32, resultColumn : u32,
  /** Length, and the strides of a, b and the result. */
  batch : array<vec4<u32>, ${mostAxes}>,
}
@group(0) @binding(0) var<uniform> numbers : Numbers;
@group(0) @binding(1) var<storage, read> a : array<f32>;
@group(0) @binding(2) var<storage, read> b : array<f32>;
@group(0) @binding(3) var<storage, read_write> result : array<f32>;
var<workgroup> tileA : array<f32, ${depth * (height + 1)}>;
var<workgroup> tileB : array<f32, ${depth * (width + 1)}>;

/** Where a matrix of the stack begins in a, in b and in the result. */
fn startOf(matrix : u32) -> vec3<u32> {
  var start = vec3<u32>(numbers.aStart, numbers.bStart, 0u);
  var rest = matrix;
  for (var axis = numbers.axes; axis > 0u; axis--) {
    let one = numbers.batch[axis - 1u];
    start += (rest % one.x) * one.yzw;
    rest /= one.x;
  }
  return start;
}

fn valueOfA(start : u32, row : u32, k : u32) -> f32 {
  if (row >= numbers.rows || k >= numbers.inner) { return 0.0; }
  return a[start + row * numbers.aRow + k * numbers.aInner];
}

fn valueOfB(start : u32, column : u32, k : u32) -> f32 {
  if (column >= numbers.columns || k >= numbers.inner) { return 0.0; }
  return b[start + k * numbers.bInner + column * numbers.bColumn];
}
`;
}

/** Fills a tile; neighbouring threads read neighbouring values. */
function load(
  operand: 'a' | 'b',
  extent: number,
  fastest: 'inner' | 'outer',
  threads: Tile['threads'],
): string {
  const [name, start, first] = {
    a: ['A', 'start.x', 'firstRow'],
    b: ['B', 'start.y', 'firstColumn'],
  }[operand] as [string, string, string];
  const [k, outer] =
    fastest === 'inner' ? [`i % ${depth}u`, `i / ${depth}u`] : [`i / ${extent}u`, `i % ${extent}u`];
  return `for (var i = thread; i < ${depth * extent}u; i += ${threads[0] * threads[1]}u) {
      tile${name}[(${k}) * ${extent + 1}u + ${outer}] = valueOf${name}(${start}, ${first} + ${outer}, first + ${k});
    }`;
}
