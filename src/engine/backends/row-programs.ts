/**
 * Reductions and softmax along the last axis in WGSL: a workgroup takes a row, its threads read it side by side, and
 * what each of them found is joined in memory that they share.
 */
import type { Reduce, Softmax } from '../../ops/index.ts';
import type { Dispatch } from './native-programs.ts';

/** Of shorter rows one thread each is enough. */
const shortestRow = 32;
const longRow = 1024;
/** What WebGPU promises of workgroups along each axis of a dispatch. */
const mostGroups = 65535;

/** Undefined where the kernels of the record do as well: of many rows, or rows whose neighbours lie in other rows. */
export function rowDispatch(form: Reduce | Softmax): Dispatch | undefined {
  const { outer, length, inner } = form.along;
  const body = form.kind === 'softmax' ? softmaxBody(form) : reductions[form.fn];
  if (body === undefined || inner !== 1 || length < shortestRow || outer > mostGroups) {
    return undefined;
  }
  return {
    code: rowProgram(body, length < longRow ? 64 : 256),
    numbers: Uint32Array.of(length, 0, 0, 0),
    groups: [outer, 1, 1],
  };
}

/** What is written of a row. */
const reductions: Readonly<Partial<Record<Reduce['fn'], string>>> = {
  sum: `${joined('total', '+', '0.0', 'x[k]')}
  write(group.x, total, thread);`,
  mean: `${joined('total', '+', '0.0', 'x[k]')}
  write(group.x, total / f32(numbers.x), thread);`,
  max: `${joined('best', 'max', 'x[start]', 'x[k]')}
  write(group.x, best, thread);`,
  min: `${joined('best', 'min', 'x[start]', 'x[k]')}
  write(group.x, best, thread);`,
  norm: `${joined('squares', '+', '0.0', 'x[k] * x[k]')}
  write(group.x, sqrt(squares), thread);`,
  var: `${deviation()}
  write(group.x, squares / f32(numbers.x), thread);`,
  std: `${deviation()}
  write(group.x, sqrt(squares / f32(numbers.x)), thread);`,
};

function deviation(): string {
  return `${joined('total', '+', '0.0', 'x[k]')}
  let center = total / f32(numbers.x);
  ${joined('squares', '+', '0.0', '(x[k] - center) * (x[k] - center)')}`;
}

function softmaxBody({ log }: Softmax): string {
  const value = log ? 'x[k] - top - log(total)' : 'exp(x[k] - top) / total';
  return `${joined('top', 'max', 'x[start]', 'x[k]')}
  ${joined('total', '+', '0.0', 'exp(x[k] - top)')}
  for (var k = start + thread; k < end; k += threads) { result[k] = ${value}; }`;
}

/** Declares `name`: the value of every index of the row, joined. */
function joined(name: string, how: '+' | 'max' | 'min', first: string, value: string): string {
  const join = (a: string, b: string) => (how === '+' ? `${a} + ${b}` : `${how}(${a}, ${b})`);
  return `var own_${name} = ${first};
  for (var k = start + thread; k < end; k += threads) { own_${name} = ${join(`own_${name}`, value)}; }
  found[thread] = own_${name};
  workgroupBarrier();
  for (var apart = threads / 2u; apart > 0u; apart /= 2u) {
    if (thread < apart) { found[thread] = ${join('found[thread]', 'found[thread + apart]')}; }
    workgroupBarrier();
  }
  let ${name} = found[0];
  workgroupBarrier();`;
}

function rowProgram(body: string, threads: number): string {
  return `const threads = ${threads}u;
/** Values per row. */
@group(0) @binding(0) var<uniform> numbers : vec4<u32>;
@group(0) @binding(1) var<storage, read> x : array<f32>;
@group(0) @binding(2) var<storage, read_write> result : array<f32>;
var<workgroup> found : array<f32, ${threads}>;

fn write(row : u32, value : f32, thread : u32) {
  if (thread == 0u) { result[row] = value; }
}

@compute @workgroup_size(${threads})
fn main(
  @builtin(workgroup_id) group : vec3<u32>,
  @builtin(local_invocation_index) thread : u32,
) {
  let start = group.x * numbers.x;
  let end = start + numbers.x;
  ${body}
}`;
}
