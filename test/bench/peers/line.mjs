/** What every peer written in JavaScript does alike: answers one command per line, times its own runs. */
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/**
 * `prepare` loads everything and gives its versions; `run` computes everything once, `turn` counting the runs (a
 * workload with an edit takes the edited weights in odd turns); `read` gives values of a result.
 * @template Result
 * @param {{
 *   prepare: (work: any) => Promise<string>,
 *   run: (turn: number) => Promise<Result>,
 *   read: (result: Result, name: string) => Promise<ArrayLike<number>>,
 *   release: (result: Result) => void,
 * }} peer
 * @returns {Promise<void>}
 */
export async function serve(peer) {
  let turn = 0;
  const next = () => peer.run(turn++);
  const commands = {
    prepare: async ({ work }) => {
      const versions = await peer.prepare(work);
      peer.release(await next());
      return { versions };
    },
    check: async ({ names, file }) => {
      const result = await next();
      const parts = [];
      for (const name of names) parts.push(Float32Array.from(await peer.read(result, name)));
      peer.release(result);
      writeFileSync(file, Buffer.concat(parts.map((part) => Buffer.from(part.buffer))));
      return { lengths: parts.map((part) => part.length) };
    },
    time: async ({ milliseconds }) => {
      const times = [];
      for (let spent = 0; spent < milliseconds; ) {
        const start = performance.now();
        const result = await next();
        const taken = performance.now() - start;
        peer.release(result);
        times.push(taken);
        spent += taken;
      }
      return { times };
    },
  };
  for await (const line of createInterface({ input: process.stdin })) {
    const message = JSON.parse(line);
    let answer;
    try {
      answer = await commands[message.do](message);
    } catch (error) {
      answer = { error: error instanceof Error ? error.message : String(error) };
    }
    process.stdout.write(`${JSON.stringify({ answer })}\n`);
  }
  process.exit(0);
}
