import { expect, test } from 'vitest';
import { type AskingSide, type Handlers, Rpc, type Transport } from '../../src/views/index.ts';

interface Calculator {
  readonly requests: {
    double: { params: number; result: number };
    fail: { params: null; result: never };
    bytes: { params: null; result: Uint8Array };
    never: { params: null; result: null };
    lambda: { params: null; result: () => number };
  };
  readonly events: { told: string };
}

const calculator: Handlers<Calculator, AskingSide> = {
  requests: {
    double: (value) => value * 2,
    fail: async () => {
      throw new Error('It does not divide.');
    },
    bytes: () => Uint8Array.of(1, 2),
    never: () => new Promise<null>(() => undefined),
    lambda: () => () => 1,
  },
  events: {},
};

/** Two ends of a line in memory; like a real one, each message is copied, and arrives later. */
function line(): readonly [Transport, Transport] {
  const handlers: [(message: unknown) => void, (message: unknown) => void] = [
    () => undefined,
    () => undefined,
  ];
  const end = (mine: 0 | 1, other: 0 | 1): Transport => ({
    post: (message) => {
      const copy: unknown = structuredClone(message);
      queueMicrotask(() => handlers[other](copy));
    },
    listen: (handler) => {
      handlers[mine] = handler;
    },
  });
  return [end(0, 1), end(1, 0)];
}

function connect() {
  const [here, there] = line();
  const heard: string[] = [];
  const server = new Rpc<Calculator, AskingSide>(there, calculator);
  const client = new Rpc<AskingSide, Calculator>(here, {
    requests: {},
    events: { told: (text) => heard.push(text) },
  });
  return { client, server, heard, here };
}

test('every request gets its own reply', async () => {
  const { client } = connect();
  expect(await Promise.all([client.ask('double', 1), client.ask('double', 2)])).toEqual([2, 4]);
});

test('typed arrays pass as they are', async () => {
  expect(await connect().client.ask('bytes', null)).toEqual(Uint8Array.of(1, 2));
});

test('a handler that throws is a failure reply', async () => {
  await expect(connect().client.ask('fail', null)).rejects.toThrow('It does not divide.');
});

test('a result that cannot be sent is a failure reply', async () => {
  await expect(connect().client.ask('lambda', null)).rejects.toThrow('could not be cloned');
});

test('a request that nobody answers is a failure reply', async () => {
  const [here, there] = line();
  new Rpc<AskingSide, AskingSide>(there, { requests: {}, events: {} });
  const client = new Rpc<AskingSide, Calculator>(here, {
    requests: {},
    events: { told: () => undefined },
  });
  await expect(client.ask('double', 1)).rejects.toThrow('Nothing answers ‘double’ here.');
});

test('closing rejects what waits and what is asked later', async () => {
  const { client } = connect();
  const waiting = client.ask('never', null);
  client.close('The engine ended.');
  await expect(waiting).rejects.toThrow('The engine ended.');
  await expect(client.ask('double', 1)).rejects.toThrow('The engine ended.');
});

test('a broken line rejects the request', async () => {
  const client = new Rpc<AskingSide, Calculator>(
    {
      post: () => {
        throw new Error('The channel is closed.');
      },
      listen: () => undefined,
    },
    { requests: {}, events: { told: () => undefined } },
  );
  await expect(client.ask('double', 1)).rejects.toThrow('The channel is closed.');
});

test('events arrive in order, and nobody answers them', async () => {
  const { client, server, heard } = connect();
  server.tell('told', 'one');
  server.tell('told', 'two');
  await client.ask('double', 1);
  expect(heard).toEqual(['one', 'two']);
});

test('what is not one of our messages is ignored', async () => {
  const { client, here } = connect();
  for (const noise of [null, 'hello', { kind: 'reply' }, { kind: 'event' }, { id: 1 }]) {
    here.post(noise);
  }
  expect(await client.ask('double', 4)).toBe(8);
});
