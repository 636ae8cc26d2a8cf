/** Reads a tape: every worker all of it, doing its share of each instruction. */
import { awaitOthers } from './barrier';
import * as code from './codes';
import { binary, copy, where } from './elementwise';
import {
  clockAt,
  headerWords,
  progressAt,
  scratchAt,
  scratchBytes,
  stopAt,
  tapeAt,
} from './layout';
import { batchedGemm, gemm, pack } from './products';
import { cumulativeSum, reduce } from './reduce';
import { gather, mask, rope } from './rows';
import { softmax } from './softmax';
import { unary } from './unary';

export { multiplyAdds } from './ceiling';
export { panelColumns, tileRows } from './tile';

/** Milliseconds. */
declare function clock(): f64;

@unmanaged
class Header {
  opcode: i32;
  words: i32;
  barrier: i32;
}

/** Does `count` instructions, or fewer when told to stop; returns how many. */
export function run(count: i32, worker: i32, workers: i32): i32 {
  const scratch = scratchAt + <usize>worker * scratchBytes;
  let at: usize = tapeAt;
  if (worker === 0) store<f64>(clockAt, clock());
  for (let i = 0; i < count; i++) {
    const header = changetype<Header>(at);
    execute(header.opcode, at + headerWords * 4, worker, workers, scratch);
    // A single worker meets nobody, so it looks after each instruction.
    const stopped =
      workers === 1 ? atomic.load<i32>(stopAt) !== 0 : header.barrier !== 0 && awaitOthers(workers);
    if (worker === 0) {
      store<f64>(clockAt + <usize>(i + 1) * 8, clock());
      atomic.store<i32>(progressAt, i + 1);
    }
    if (stopped) return i + 1;
    at += <usize>header.words * 4;
  }
  return count;
}

function execute(opcode: i32, at: usize, worker: i32, workers: i32, scratch: usize): void {
  switch (opcode) {
    case code.pack:
      return pack(at, worker, workers);
    case code.gemm:
      return gemm(at, worker, workers, scratch);
    case code.batchedGemm:
      return batchedGemm(at, worker, workers, scratch);
    case code.unary:
      return unary(at, worker, workers);
    case code.binary:
      return binary(at, worker, workers, scratch);
    case code.where:
      return where(at, worker, workers, scratch);
    case code.copy:
      return copy(at, worker, workers, scratch);
    case code.reduce:
      return reduce(at, worker, workers, scratch);
    case code.softmax:
      return softmax(at, worker, workers, scratch);
    case code.mask:
      return mask(at, worker, workers);
    case code.rope:
      return rope(at, worker, workers);
    case code.gather:
      return gather(at, worker, workers);
    case code.cumulativeSum:
      return cumulativeSum(at, worker, workers);
    default:
      unreachable();
  }
}
