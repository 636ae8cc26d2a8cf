/** A process at the other end of a line: one message each way at a time. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** What a process answers; `error` where it could not. */
interface Answer {
  readonly error?: string;
  readonly versions?: string;
  readonly lengths?: readonly number[];
  readonly times?: readonly number[];
}

/** Longer than the slowest peer needs to load its weights and run once. */
const longestAnswer = 600_000;

export class PeerProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<string>;
  #heard: (answer: Answer) => void = () => {};
  #lastWords = '';

  constructor({ program, args, environment = {} }: Command) {
    const env = { ...process.env, ...environment };
    this.#child = spawn(program, [...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = `${this.#lastWords}${text}`.slice(-2000);
    });
    // A process that ends early cannot be written to; that it ended is said by `ask`.
    this.#child.stdin?.on('error', () => {});
    this.#ended = new Promise((resolve) => {
      this.#child.on('error', (error) => resolve(error.message));
      this.#child.on('close', (code, signal) => resolve(this.#epitaph(code, signal)));
    });
    const { stdout } = this.#child;
    if (stdout === null) throw new Error('A piped process has an output.');
    createInterface({ input: stdout }).on('line', (line) => this.#listen(line));
  }

  /** Rejects with what the process says is wrong, or with how it ended. */
  async ask(message: object): Promise<Answer> {
    const answered = new Promise<Answer>((resolve) => {
      this.#heard = resolve;
    });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Answer>((resolve) => {
      const error = `no answer within ${longestAnswer / 1000} s`;
      timer = setTimeout(() => resolve({ error }), longestAnswer);
    });
    this.#child.stdin?.write(`${JSON.stringify(message)}\n`);
    const ended = this.#ended.then((error): Answer => ({ error }));
    const answer = await Promise.race([answered, ended, late]);
    clearTimeout(timer);
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer;
  }

  /** The most memory it held so far, in MiB; undefined where the system does not say. */
  get peakMebibytes(): number | undefined {
    try {
      const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
      return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
    } catch {
      // Only Linux has this file.
      return undefined;
    }
  }

  /** How long it has computed on all cores together, in milliseconds; undefined where the system does not say. */
  get computed(): number | undefined {
    try {
      const status = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8');
      // After the name, which may hold spaces: the 12th and 13th fields are hundredths of a second.
      const [user, system] = status
        .slice(status.lastIndexOf(')') + 2)
        .split(' ')
        .slice(11, 13);
      return (Number(user) + Number(system)) * 10;
    } catch {
      // Only Linux has this file.
      return undefined;
    }
  }

  async end(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  #listen(line: string): void {
    // Libraries print remarks of their own to the same stream.
    if (line.startsWith('{"answer"')) this.#heard(JSON.parse(line).answer);
  }

  #epitaph(code: number | null, signal: NodeJS.Signals | null): string {
    const last = this.#lastWords.trim().split('\n').at(-1) ?? '';
    return `ended with ${code ?? signal}${last === '' ? '' : `: ${last}`}`;
  }
}
