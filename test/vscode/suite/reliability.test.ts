import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { quantile, randomFrom, record, scaled } from '../../reliability/figures.ts';
import { diagnosticsOnce, openProgram } from './editing.ts';

/** What the commands that run answer with; see `FinishedRun`. */
interface Finished {
  readonly kind: string;
  readonly message?: string;
  readonly target?: string;
}

/** A run of some tenths of a second, and one of nearly nothing. */
const program = `dims { d = 256 }
model Slow {
  input x: [d, d] = normal(seed: 1)
  repeat 150 as steps {
    x = tanh(x @ x)
  }
  output y = x
}

model Quick {
  input x: [4] = ones
  output y = x + x
}

run slow for Slow { seed = 1 }
run quick for Quick { seed = 1 }
`;

/** Long before anything is computed: in its text, in its layout, in the numbers that it draws. */
const longStages: Readonly<Record<string, string>> = {
  'parsing and checking': `${Array.from(
    { length: 400 },
    (_, i) =>
      `block B${i}(x: [64, 32]) -> [64, 32] {\n  param W: [32, 32]\n  y = LayerNorm(x) @ W\n  return y + x\n}\n`,
  ).join('\n')}run demo for B0 { seed = 1 }\n`,
  'laying out the graph':
    'model M {\n  input x: [64, 16]\n  repeat 200 as blocks {\n    x = PreNormBlock(x, heads: 4, hidden: 64)\n  }\n  output y = x\n}\nrun demo for M { seed = 1 }\n',
  'drawing parameters':
    'model M {\n  param W: [40_000, 200]\n  input x: [200]\n  output y = W @ x\n}\nrun demo for M { seed = 1 }\n',
  'one large product':
    'model M {\n  input x: [2000, 2000] = normal(seed: 1)\n  output y = x @ x\n}\nrun demo for M { seed = 1 }\n',
  computing: program.replace('repeat 150', 'repeat 400').replace('run slow', 'run demo'),
};

const unsaved = '// What was typed and not saved.\n';

describe('processes that end by themselves', () => {
  // In a browser texts are saved by themselves, and nothing would be unsaved.
  const settings = vscode.workspace.getConfiguration('files');
  before(() => settings.update('autoSave', 'off', vscode.ConfigurationTarget.Global));
  // An unsaved text is asked about where it is closed.
  afterEach(() => vscode.commands.executeCommand('workbench.action.files.revert'));
  after(() => settings.update('autoSave', undefined, vscode.ConfigurationTarget.Global));
  beforeEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  const kills = scaled(4, 200);
  it(`the engine, ${kills} times at random moments: a sentence, and the next run runs`, async function () {
    this.timeout(60_000 + kills * 20_000);
    const random = randomFrom(1);
    const editor = await openProgram('reliability.tblock', program);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), unsaved));
    const { document } = editor;
    const counts = { failed: 0, done: 0 };
    for (let i = 0; i < kills; i++) {
      const running = run(document, 'slow');
      await pause(random() * 900);
      for (const id of processes('engine.cjs')) kill(id);
      const end = await running;
      if (end?.kind === 'failed') {
        assert.match(
          end.message ?? '',
          /engine ended unexpectedly.*starts again with the next run/,
        );
        // What it was is known, so that it can be run again.
        assert.equal(end.target, 'slow');
        counts.failed += 1;
      } else {
        assert.equal(end?.kind, 'done');
        counts.done += 1;
      }
      const next = await run(document, 'quick');
      assert.equal(next?.kind, 'done', next?.message);
      assert.equal(document.isDirty, true);
      assert.ok(document.getText().startsWith(unsaved));
    }
    record('engine killed', { kills, ...counts });
  });

  it('the engine between two runs: what was shown is said to be gone, and the next run runs', async () => {
    const { document } = await openProgram('reliability.tblock', program);
    assert.equal((await run(document, 'quick'))?.kind, 'done');

    for (const id of processes('engine.cjs')) kill(id);
    await pause(200);

    assert.equal((await run(document, 'quick'))?.kind, 'done');
  });

  const restarts = scaled(3, 50);
  it(`the language server, ${restarts} times while somebody types: it comes back with what was typed`, async function () {
    this.timeout(60_000 + restarts * 20_000);
    const random = randomFrom(2);
    const editor = await openProgram(
      'reliability-typed.tblock',
      'block B(x: [4]) -> [4] { return x }\n',
    );
    const { document } = editor;
    await diagnosticsOnce(document, ({ length }) => length === 0);
    const waits: number[] = [];
    for (let i = 0; i < restarts; i++) {
      await replaceAll(editor, `block B(x: [4]) -> [4] { return missing${i} }\n`);
      await pause(random() * 400);
      for (const id of processes('language-server.cjs')) kill(id);
      await pause(random() * 100);
      const start = performance.now();
      await replaceAll(editor, `block B(x: [4]) -> [4] { return unknown${i} }\n`);
      await diagnosticsOnce(document, (found) =>
        found.some(({ message }) => message.includes(`unknown${i}`)),
      );
      waits.push(performance.now() - start);
      assert.equal(document.isDirty, true);
    }
    // Commands that ask it have their answer.
    await replaceAll(editor, 'block B(x: [4]) -> [4] { return x }\n');
    const end = await vscode.commands.executeCommand<Finished>('tblock.run');
    assert.equal(end.kind, 'done');
    record('language server killed', {
      kills: restarts,
      median: quantile(waits, 0.5),
      longest: quantile(waits, 1),
    });
  });
});

describe('a stop is answered', () => {
  for (const [stage, text] of Object.entries(longStages)) {
    const stops = scaled(2, 15);
    it(`while a run is ${stage}`, async function () {
      this.timeout(60_000 + stops * 20_000);
      const random = randomFrom(stage.length);
      const editor = await openProgram(`stop-${stage.replaceAll(' ', '-')}.tblock`, text);
      const { document } = editor;
      const begin = performance.now();
      assert.equal((await run(document, 'demo'))?.kind, 'done');
      const whole = performance.now() - begin;
      const waits: number[] = [];
      for (let i = 0; i < stops; i++) {
        // Of an equal run nothing would be computed again.
        await replaceAll(editor, text.replace('seed = 1', `seed = ${i + 2}`));
        const running = run(document, 'demo');
        await pause(random() * whole);
        const asked = performance.now();
        await vscode.commands.executeCommand('tblock.stop');
        const end = await running;
        waits.push(performance.now() - asked);
        assert.match(end?.kind ?? '', /^(stopped|done)$/);
      }
      await replaceAll(editor, program);
      assert.equal((await run(document, 'quick'))?.kind, 'done');
      record(`stop ${stage}`, {
        stops,
        median: quantile(waits, 0.5),
        p95: quantile(waits, 0.95),
        longest: quantile(waits, 1),
        whole,
      });
    });
  }
});

function run(document: vscode.TextDocument, name: string): Thenable<Finished | undefined> {
  return vscode.commands.executeCommand<Finished>('tblock.run', document.uri.toString(), name);
}

async function replaceAll(editor: vscode.TextEditor, text: string): Promise<void> {
  const { document } = editor;
  const all = new vscode.Range(
    new vscode.Position(0, 0),
    document.lineAt(document.lineCount - 1).range.end,
  );
  await editor.edit((edit) => edit.replace(all, text));
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}

/** The processes of a bundle that this extension host has started. */
function processes(bundle: string): number[] {
  const list = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  return list
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([, parent, ...args]) => Number(parent) === process.pid && args.join(' ').includes(bundle),
    )
    .map(([id]) => Number(id));
}

function kill(id: number): void {
  try {
    process.kill(id, 'SIGKILL');
  } catch {
    // It has ended by itself meanwhile.
  }
}
