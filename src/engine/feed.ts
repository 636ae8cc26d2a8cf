/** What a run starts from. */
import { createHash } from 'node:crypto';
import type { NodeId } from '../graph/index.ts';
import type { Numbers } from '../ops/index.ts';

/** The values of an input or a parameter, made when a backend asks for them. */
export interface Feed {
  /** Feeds of the same key have the same values: what was made of them once need not be made again. */
  readonly key: string;
  /** Writes row-major values, rounded to what holds them. Throws FeedFault where they cannot be had any more. */
  readonly fill: (target: Numbers) => void;
  /** Only where the values are stored in 16 bits each. Reading throws FeedFault as `fill` does. */
  readonly half?: HalfValues | undefined;
}

/** Values as they are stored: IEEE half precision, or the upper half of a float32. */
export interface HalfValues {
  readonly type: 'f16' | 'bf16';
  /** The bits of every value, row-major. */
  readonly bits: () => Uint16Array;
}

export type Feeds = ReadonlyMap<NodeId, Feed>;

/** Values that were there when the run was prepared and are not any more: a file that was cut off meanwhile. */
export class FeedFault extends Error {
  override readonly name = 'FeedFault';
}

/** Values that are at hand; their key is their content. */
export function feedOf(data: Numbers): Feed {
  let key: string | undefined;
  return {
    get key() {
      key ??= contentKey(data);
      return key;
    },
    fill: (target) => {
      if (data.length !== target.length) {
        throw new Error(`${target.length} values were wanted, and ${data.length} given.`);
      }
      target.set(data);
    },
  };
}

/** A short text for many numbers. */
export function contentKey(data: Numbers): string {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return createHash('sha256').update(bytes).update(`${data.BYTES_PER_ELEMENT}`).digest('base64');
}
