/** `.npz` archives, as `numpy.savez` and `savez_compressed` write them: a zip file of `.npy` members. */
import { t } from '@vscode/l10n';
import { unzipSync } from 'fflate';
import type { ElementRange } from './elements.ts';
import { fileLength, readBytes } from './file-blocks.ts';
import { type FormatError, quoted, readError } from './format-error.ts';
import { rangeOf } from './npy.ts';
import { type NpyHeader, parseNpyHeader } from './npy-header.ts';
import { fail, type Result, succeed } from './result.ts';

export interface NpzMember {
  readonly header: NpyHeader;
  readonly range: ElementRange;
}

/** An archive is unpacked whole: its members are compressed. */
const sizeLimit = 2 ** 31;

/**
 * The arrays of an archive by name, without `.npy`.
 * Errors: `missing`, `unreadable`, `header` (no zip file), `range` (unpacked larger than 2 GiB), those of `.npy` files.
 */
export function openNpz(path: string): Result<ReadonlyMap<string, NpzMember>, FormatError> {
  const size = fileLength(path);
  if (!size.ok) return size;
  if (size.value > sizeLimit) return fail(beyondLimit(path));
  const bytes = readBytes(path, 0, size.value);
  if (!bytes.ok) return bytes;
  const files = unpacked(path, bytes.value);
  if (!files.ok) return files;
  const members = new Map<string, NpzMember>();
  for (const [file, memory] of Object.entries(files.value)) {
    const name = file.replace(/\.npy$/, '');
    const member = memberOf(`${path}[${quoted(name)}]`, memory);
    if (!member.ok) return member;
    members.set(name, member.value);
  }
  return succeed(members);
}

function unpacked(
  path: string,
  bytes: Uint8Array,
): Result<Readonly<Record<string, Uint8Array>>, FormatError> {
  let claimed = 0;
  try {
    const files = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        claimed += originalSize;
        return name.endsWith('.npy') && claimed <= sizeLimit;
      },
    });
    return claimed > sizeLimit ? fail(beyondLimit(path)) : succeed(files);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const found = t`it is no zip archive that can be unpacked (${quoted(reason)})`;
    return fail(readError('header', path, found, t`Save it again with numpy.savez.`));
  }
}

function memberOf(path: string, memory: Uint8Array): Result<NpzMember, FormatError> {
  const header = parseNpyHeader({
    path,
    size: memory.length,
    read: (start, length) => succeed(memory.subarray(start, start + length)),
  });
  if (!header.ok) return header;
  const range = rangeOf(path, header.value);
  return range.ok ? succeed({ header: header.value, range: { ...range.value, memory } }) : range;
}

function beyondLimit(path: string): FormatError {
  const found = t`it holds more than ${sizeLimit} bytes`;
  return readError(
    'range',
    path,
    found,
    t`Save large arrays as safetensors, which is read by parts.`,
  );
}
