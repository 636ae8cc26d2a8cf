/** The values that the statements of a file made in a run, for the ends of its lines. */
import type { Trace } from '../trace/index.ts';
import { type LineValue, lookAt } from '../views/index.ts';

/** More values than this are not read back for a glance; hovering still does. */
const most = { ofOne: 1 << 22, inAll: 1 << 25 };

export async function lineValues(trace: Trace, uri: string): Promise<readonly LineValue[]> {
  const lines: LineValue[] = [];
  let read = 0;
  for (const { source, paths } of trace.statements) {
    const path = paths.at(-1);
    if (source.uri !== uri || path === undefined) continue;
    const info = trace.tensors.get(trace.aliases.get(path) ?? path);
    if (info === undefined) continue;
    const { axes } = info;
    const size = axes.reduce((product, axis) => product * axis.size, 1);
    const isSmall = size <= most.ofOne && read + size <= most.inAll;
    if (isSmall) read += size;
    const values = isSmall ? await trace.read(path) : undefined;
    lines.push({ source, path, axes, copies: paths.length, look: values && lookAt(values.data) });
  }
  return lines;
}
