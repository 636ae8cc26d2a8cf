/** Binaries for several processors in one file, as macOS knows them. */

const fatMagic = 0xcafebabe;
const headerSize = 8;
const entrySize = 20;
const processors = { x86_64: 0x01000007, arm64: 0x0100000c };

/**
 * The part of a universal binary that is for one processor, signature included, as `lipo -thin` cuts it out.
 * @param {Buffer} binary
 * @param {keyof typeof processors} processor
 * @returns {Buffer}
 * @throws Error where there is no such part
 */
export function sliceFor(binary, processor) {
  if (binary.readUInt32BE(0) !== fatMagic) throw new Error('This is no universal binary.');
  const count = binary.readUInt32BE(4);
  for (let at = headerSize; at < headerSize + count * entrySize; at += entrySize) {
    if (binary.readUInt32BE(at) !== processors[processor]) continue;
    const offset = binary.readUInt32BE(at + 8);
    return binary.subarray(offset, offset + binary.readUInt32BE(at + 12));
  }
  throw new Error(`The universal binary has no part for ${processor}.`);
}
