/** The engine process: a session at the other end of the editor's line. Ended by its parent, or with it. */
import './translation.ts';

import { availableParallelism } from 'node:os';
import { openEngine } from '../engine/index.ts';
import { type AskingSide, type EngineSide, Rpc, type Transport } from '../views/index.ts';
import { importModel } from './import-model.ts';
import { Session } from './session.ts';

// One core stays with the editor.
const threads = Math.max(1, availableParallelism() - 1);
const session = new Session(openEngine(process.env, { threads }));

const transport: Transport = {
  post: (message) =>
    new Promise<void>((resolve, reject) => {
      process.send?.(message, undefined, {}, (error) => (error ? reject(error) : resolve()));
    }),
  listen: (handler) => {
    process.on('message', handler);
  },
};

/** Progress is for people: a message every so many milliseconds is enough. */
const progressInterval = 50;
let lastProgress = 0;

const editor = new Rpc<EngineSide, AskingSide>(transport, {
  requests: {
    run: (request) =>
      session.run(request, (done, total, label) => {
        const now = performance.now();
        if (done < total && now - lastProgress < progressInterval) return;
        lastProgress = now;
        editor.tell('progress', { done, total, label });
      }),
    test: (request) => session.test(request),
    chooseItem: ({ program, item }) => session.chooseItem(program, item),
    view: (request) => session.view(request),
    runs: ({ program }) => session.runs(program),
    peek: ({ uri, offset, ground }) => session.peek(uri, offset, ground),
    lineValues: ({ uri }) => session.lineValues(uri),
    locate: ({ uri, offset }) => session.locate(uri, offset),
    printTensor: ({ program, path }) => session.printTensor(program, path),
    saveTensor: async ({ program, path, file }) => {
      await session.saveTensor(program, path, file);
      return null;
    },
    stop: async () => {
      await session.stop();
      return null;
    },
    importModel: ({ folder }) => importModel(folder),
  },
  events: {},
});

process.on('disconnect', () => process.exit());
