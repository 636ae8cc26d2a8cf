/**
 * How the low part of the memory is laid out, in bytes. What workers write at the same time lies on cache lines of its
 * own. AssemblyScript and TypeScript both read this file.
 */

/** The barrier: how many have arrived, and how often it has opened. */
export const arrivedAt = 0;
export const openedAt = 64;
/** Set from outside to end a run; what the workers agreed on at the last barrier. */
export const stopAt = 128;
export const stoppedAt = 192;
/** Set when a worker died: nobody waits for it. */
export const brokenAt = 196;
/** How many instructions worker 0 has finished. */
export const progressAt = 256;
/** How many workers still run, and how many runs have ended. */
export const runningAt = 320;
export const endedAt = 384;
/** Of the run: how many workers take part, how many instructions the tape has, how many were done. */
export const workersAt = 448;
export const countAt = 452;
export const doneAt = 456;
/** A word per worker that wakes it. */
export const wakeAt = 4096;
export const wakeBytes = 64;
export const mostWorkers = 64;

/** Before it, from 8192 on, lie the tables of the compiled modules: `build.mjs` tells the compiler. */
export const tapeAt = 65536;
export const tapeBytes = 1048576;
/** When the run began and when each instruction ended, in milliseconds; a tape has at most tapeBytes / 32 of them. */
export const clockAt = 1114112;
/** What each worker has for itself. */
export const scratchAt = 1376256;
export const scratchBytes = 2097152;

/** From here on in a worker's scratch: rows of a, then columns of b as gemm's tiles read them. */
export const leftAt = 0;
export const rightAt = 405568;
export const rightBytes = 1425408;
/** One tile whose columns do not all exist, a padded bias, zeros that nobody writes. */
export const edgeAt = 1830976;
export const biasAt = 1831488;
export const zeroAt = 1831616;
/** The product that is computed, and the rows that are walked over. */
export const productAt = 1831744;
export const walkAt = 1832000;
/** Three lines of so many numbers. */
export const linesAt = 1837056;
export const lineLength = 1024;

/**
 * How much of the inner axis one pass of gemm covers. A panel of b then stays near the first cache, and of the usual
 * widths a single pass, or few, leave c alone.
 */
export const blockDepth = 768;
/** How many rows of a are arranged at a time: they stay in the second cache. Whole tiles of 3, 4 and 6 rows. */
export const blockRows = 132;

/** Words before an instruction's own: opcode, all words, whether a barrier follows. */
export const headerWords = 3;
