/** Reads the tensors that all peers share. */
import { closeSync, openSync, readSync } from 'node:fs';

/** Name → shape and place in the file, of a safetensors file. */
export function tensorsIn(path) {
  const length = Buffer.alloc(8);
  const handle = openSync(path, 'r');
  readSync(handle, length, 0, 8, 0);
  const header = Buffer.alloc(Number(length.readBigUInt64LE()));
  readSync(handle, header, 0, header.length, 8);
  closeSync(handle);
  const entries = Object.entries(JSON.parse(header.toString())).filter(
    ([name]) => name !== '__metadata__',
  );
  return new Map(
    entries.map(
      ([
        name,
        {
          shape,
          data_offsets: [start, end],
        },
      ]) => [name, { name, path, shape, offset: 8 + header.length + start, length: end - start }],
    ),
  );
}

/** The float32 values of one of them. */
export function valuesOf({ path, offset, length }) {
  const bytes = new Uint8Array(length);
  const handle = openSync(path, 'r');
  readSync(handle, bytes, 0, length, offset);
  closeSync(handle);
  return new Float32Array(bytes.buffer);
}

/** What stands in for the edited weights of a workload with an edit. */
export function editedValues(values) {
  return values.map((value) => value * 1.5);
}
