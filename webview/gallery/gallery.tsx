import '../styles.css';
import './gallery.css';
import { render } from 'preact';
import type { Trace } from '../../src/trace/index.ts';
import {
  type AskingSide,
  differenceTrace,
  type EditorSide,
  type InspectorState,
  type OfRun,
  Rpc,
  type Selection,
  summarize,
  type Transport,
  viewOf,
} from '../../src/views/index.ts';
import { startInspector } from '../app.tsx';
import { brokenTrace } from './broken-trace.ts';
import { type FakeSize, fakeTrace } from './fake-trace.ts';
import { bytesOf, dragRate, timeToDraw, watchDrawing } from './measure.ts';
import { applyTheme, type ThemeName, themeNames } from './themes.ts';

/**
 * The inspector with a made-up trace instead of an editor. The address chooses what is shown:
 * `?trace=small|large|post|parallel|broken|long|gpt2&theme=dark|light|contrast&state=ready|stale|running|failed|empty&bare`.
 * What the inspector asks to reveal is written on the body; `window.gallery` pretends to be the editor.
 */
declare global {
  interface Window {
    gallery: {
      readonly select: (selection: Selection) => void;
      readonly tell: (state: StateName) => void;
      readonly theme: (name: ThemeName) => void;
      /** As if the program had run once more. */
      readonly rerun: () => void;
      readonly timeToDraw: typeof timeToDraw;
      readonly dragRate: typeof dragRate;
      /** Bytes that crossed so far. */
      readonly bytes: () => number;
    };
  }
}

const traces = {
  small: { layers: 2, heads: 4, tokens: 12, width: 32 },
  large: { layers: 12, heads: 12, tokens: 64, width: 96 },
  post: { layers: 2, heads: 4, tokens: 12, width: 32, form: 'post' },
  parallel: { layers: 2, heads: 4, tokens: 12, width: 32, form: 'parallel' },
  broken: { layers: 2, heads: 4, tokens: 12, width: 32 },
  long: { layers: 1, heads: 2, tokens: 1100, width: 32 },
  gpt2: { layers: 12, heads: 12, tokens: 128, width: 768 },
} as const;
const traceNames = ['small', 'large', 'post', 'parallel', 'broken', 'long', 'gpt2'] as const;
const stateNames = ['ready', 'stale', 'running', 'failed', 'empty'] as const;
type StateName = (typeof stateNames)[number];

const address = new URLSearchParams(location.search);
const chosen = {
  trace: traceNames.find((name) => name === address.get('trace')) ?? 'small',
  theme: themeNames.find((name) => name === address.get('theme')) ?? 'dark',
  state: stateNames.find((name) => name === address.get('state')) ?? 'ready',
};
let trace = made(traces[chosen.trace]);
let bytes = 0;
watchDrawing();
let before: Trace | undefined;
const [here, there] = line();
const editor = new Rpc<EditorSide, AskingSide>(there, {
  requests: {
    view: ({ of, ...asked }) => viewOf(traceFor(of), asked),
    runs: () => [
      { id: 2, program: trace.program, run: trace.run, model: trace.model, isCurrent: true },
      { id: 1, program: trace.program, run: trace.run, model: trace.model, isCurrent: false },
    ],
    reveal: (source) => {
      document.body.setAttribute('data-revealed', String(source.start));
      return null;
    },
    copy: ({ text }) => {
      document.body.setAttribute('data-copied', text);
      return null;
    },
    savePicture: ({ name, bytes }) => {
      document.body.setAttribute('data-saved', `${name} ${bytes.length}`);
      return null;
    },
    saveTensor: ({ path }) => {
      document.body.setAttribute('data-saved', path);
      return null;
    },
    run: () => {
      editor.tell('state', stateOf('ready'));
      return null;
    },
    chooseItem: () => null,
    state: () => stateOf(chosen.state),
  },
  events: {},
});
window.gallery = {
  select: (selection) => editor.tell('select', selection),
  tell: (state) => editor.tell('state', stateOf(state)),
  theme: applyTheme,
  rerun: () => {
    // Another object, so that nothing is remembered of the run before.
    trace = { ...trace, milliseconds: trace.milliseconds + 1 };
    editor.tell('state', stateOf('ready'));
  },
  timeToDraw,
  dragRate,
  bytes: () => bytes,
};

function made(size: FakeSize): Trace {
  return chosen.trace === 'broken' ? brokenTrace(fakeTrace(size)) : fakeTrace(size);
}

/** The run before is the same program with other random numbers. */
function traceFor(of: OfRun | undefined): Trace {
  if (of === undefined) return trace;
  before ??= made({ ...traces[chosen.trace], seed: 7 });
  return of.as === 'itself' ? before : differenceTrace(trace, before);
}

applyTheme(chosen.theme);
if (!address.has('bare')) render(<Choices />, element('gallery'));
startInspector(element('inspector'), {
  transport: here,
  recall: () => JSON.parse(sessionStorage.getItem('inspector') ?? 'null'),
  remember: (memory) => sessionStorage.setItem('inspector', JSON.stringify(memory)),
});

function stateOf(name: StateName): InspectorState {
  switch (name) {
    case 'ready':
    case 'stale':
      return { kind: 'ready', summary: summarize(trace), stale: name === 'stale' };
    case 'running':
      return { kind: 'running', done: 17, total: 42, label: 'blocks.0.attn.scores' };
    case 'failed':
      return {
        kind: 'failed',
        message: 'weights.safetensors ends early: 1.2 MB of 4.8 MB are there.',
      };
    case 'empty':
      return {
        kind: 'empty',
        hint: 'Run a model, a block or a run of this file to look inside it.',
      };
  }
}

/** Links to every other way to look at the page. */
function Choices() {
  const link = (name: keyof typeof chosen, value: string) => {
    const query = new URLSearchParams({ ...chosen, [name]: value });
    const current = chosen[name] === value ? { 'aria-current': 'page' as const } : {};
    return (
      <a key={value} href={`?${query}`} {...current}>
        {value}
      </a>
    );
  };
  return (
    <>
      <span>{traceNames.map((name) => link('trace', name))}</span>
      <span>{themeNames.map((name) => link('theme', name))}</span>
      <span>{stateNames.map((name) => link('state', name))}</span>
    </>
  );
}

/** A line in memory that copies each message, as the one of VS Code does. */
function line(): readonly [Transport, Transport] {
  const { port1, port2 } = new MessageChannel();
  const end = (port: MessagePort): Transport => ({
    post: (message) => {
      bytes += bytesOf(message);
      port.postMessage(message);
    },
    listen: (handler) => {
      port.onmessage = (event) => handler(event.data);
    },
  });
  return [end(port1), end(port2)];
}

function element(id: string): HTMLElement {
  const existing = document.getElementById(id);
  if (existing === null) throw new Error(`The page has no element #${id}.`);
  return existing;
}
