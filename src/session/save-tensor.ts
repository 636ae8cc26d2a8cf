/** A tensor of a run as a file. */
import { writeFileSync } from 'node:fs';
import { writeNpy } from '../formats/index.ts';
import type { TensorValues } from '../trace/index.ts';

/** `.npy` as `numpy.save` writes it; anything else as CSV, a line for every index of the axes before the last. */
export function saveTensor({ info, data }: TensorValues, file: string): void {
  const shape = info.axes.map(({ size }) => size);
  if (file.endsWith('.npy')) {
    const written = writeNpy(file, {
      shape,
      data: info.dtype === 'int' ? Int32Array.from(data) : Float32Array.from(data),
    });
    if (!written.ok) throw new Error(written.error.message);
    return;
  }
  const width = shape.at(-1) ?? 1;
  const lines: string[] = [];
  for (let start = 0; start < data.length; start += width) {
    lines.push(`${data.subarray(start, start + width).join(',')}\n`);
  }
  writeFileSync(file, lines.join(''));
}
