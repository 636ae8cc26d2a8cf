/** A line to the other side: a child process, a webview, a port. Messages may hold typed arrays. */
export interface Transport {
  /** Throws, or its promise rejects, where the line is broken. */
  post(message: unknown): unknown;
  listen(handler: (message: unknown) => void): void;
}

/** What one side offers: the requests it answers and the events it tells. */
export interface Side {
  readonly requests: object;
  readonly events: object;
}

type ParamsOf<Request> = Request extends { params: infer Params } ? Params : never;
type ResultOf<Request> = Request extends { result: infer Result } ? Result : never;

/** What this side does when the other asks or tells; every request and every event has its handler. */
export interface Handlers<Mine extends Side, Other extends Side> {
  readonly requests: {
    readonly [Name in keyof Mine['requests']]: (
      params: ParamsOf<Mine['requests'][Name]>,
    ) => Promise<ResultOf<Mine['requests'][Name]>> | ResultOf<Mine['requests'][Name]>;
  };
  readonly events: {
    readonly [Name in keyof Other['events']]: (event: Other['events'][Name]) => void;
  };
}

type Message =
  | { kind: 'request'; id: number; name: string; params: unknown }
  | { kind: 'reply'; id: number; result: unknown }
  | { kind: 'failure'; id: number; message: string }
  | { kind: 'event'; name: string; params: unknown };

interface Pending {
  readonly resolve: (result: never) => void;
  readonly reject: (reason: Error) => void;
}

/**
 * Requests and events over a line, in both directions. Every request gets exactly one reply: a handler that throws
 * answers with a failure, an unknown request too, and closing rejects whatever still waits. Anything on the line that
 * is no message of ours is ignored.
 */
export class Rpc<Mine extends Side, Other extends Side> {
  readonly #transport: Transport;
  readonly #handlers: Handlers<Mine, Other>;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #closed: string | undefined;

  constructor(transport: Transport, handlers: Handlers<Mine, Other>) {
    this.#transport = transport;
    this.#handlers = handlers;
    transport.listen((message) => this.#receive(message));
  }

  /** Asks the other side. Rejects with its message where it fails, and where the line is or becomes closed. */
  ask<Name extends keyof Other['requests'] & string>(
    name: Name,
    params: ParamsOf<Other['requests'][Name]>,
  ): Promise<ResultOf<Other['requests'][Name]>> {
    if (this.#closed !== undefined) return Promise.reject(new Error(this.#closed));
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#post({ kind: 'request', id, name, params }).catch((error: unknown) =>
        this.#settle(id)?.reject(new Error(messageOf(error), { cause: error })),
      );
    });
  }

  /** Tells the other side; a broken line loses the event. */
  tell<Name extends keyof Mine['events'] & string>(name: Name, event: Mine['events'][Name]): void {
    if (this.#closed !== undefined) return;
    this.#post({ kind: 'event', name, params: event }).catch(ignore);
  }

  /** Ends the conversation: whatever waits, and whatever is asked later, is rejected with `reason`. */
  close(reason: string): void {
    this.#closed ??= reason;
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of waiting) reject(new Error(reason));
  }

  #receive(message: unknown): void {
    if (this.#closed !== undefined || !isMessage(message)) return;
    switch (message.kind) {
      case 'request':
        this.#answer(message.id, message.name, message.params).catch(ignore);
        return;
      case 'reply':
        // The other side is compiled against the same map of requests, so the result is what was asked for.
        this.#settle(message.id)?.resolve(message.result as never);
        return;
      case 'failure':
        this.#settle(message.id)?.reject(new Error(message.message));
        return;
      case 'event':
        handlerIn(this.#handlers.events, message.name)?.(message.params);
        return;
    }
  }

  async #answer(id: number, name: string, params: unknown): Promise<void> {
    try {
      const handle = handlerIn(this.#handlers.requests, name);
      if (handle === undefined) throw new Error(`Nothing answers ‘${name}’ here.`);
      const result = await handle(params);
      if (this.#closed === undefined) await this.#post({ kind: 'reply', id, result });
    } catch (error) {
      // A result that cannot be sent is a failure as well.
      const message = messageOf(error);
      if (this.#closed === undefined) await this.#post({ kind: 'failure', id, message });
    }
  }

  /** Takes a request off the list; a second reply to it finds nothing. */
  #settle(id: number): Pending | undefined {
    const waiting = this.#pending.get(id);
    this.#pending.delete(id);
    return waiting;
  }

  async #post(message: Message): Promise<void> {
    await this.#transport.post(message);
  }
}

function handlerIn(handlers: object, name: string): ((params: unknown) => unknown) | undefined {
  if (!Object.hasOwn(handlers, name)) return undefined;
  const handler: unknown = Reflect.get(handlers, name);
  return typeof handler === 'function' ? (params) => handler.call(handlers, params) : undefined;
}

function isMessage(message: unknown): message is Message {
  if (typeof message !== 'object' || message === null) return false;
  const { kind, id, name } = message as Record<'kind' | 'id' | 'name', unknown>;
  if (kind === 'event') return typeof name === 'string';
  if (kind === 'request') return typeof id === 'number' && typeof name === 'string';
  return (kind === 'reply' || kind === 'failure') && typeof id === 'number';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The line is gone; whoever owns it closes this end, and that rejects what waits. */
function ignore(): void {}
