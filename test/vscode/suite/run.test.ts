import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import {
  codeOf,
  cursorAt,
  diagnosticsOnce,
  hoverAt,
  hoverOnce,
  openExample,
  openProgram,
  replace,
  until,
} from './editing.ts';

/** What the commands that run answer with; see `FinishedRun`. */
interface Finished {
  readonly kind: string;
  readonly message?: string;
  readonly summary?: {
    readonly run: string;
    readonly generated?: number;
    readonly backend: { readonly reason: string };
  };
}

const failing = `model M {
  input x: [4] = ones
  y = x + x
  output z = y * y
}

run right for M {
  expect z ~ 4
}

run wrong for M {
  expect z ~ 5 within 0.5
}
`;

const endless = `dims { d = 512 }
model M {
  input x: [d, d] = normal(seed: 1)
  repeat 2000 as steps {
    x = tanh(x @ x)
  }
  output y = x
}
`;

describe('running', () => {
  beforeEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('TBlock: Run runs the run above the cursor', async () => {
    const editor = await openProgram('two-runs.tblock', failing);
    const position = cursorAt(editor.document, '‸expect z ~ 4');
    editor.selection = new vscode.Selection(position, position);

    const run = await vscode.commands.executeCommand<Finished>('tblock.run');

    assert.equal(run.kind, 'done');
    assert.equal(run.summary?.run, 'right');
    assert.notEqual(run.summary?.backend.reason, '');
  });

  it('TBlock: Run runs the first run where the cursor is above all', async () => {
    await openExample('pre-norm.tblock');

    const run = await vscode.commands.executeCommand<Finished>('tblock.run');

    assert.equal(run.summary?.run, 'demo');
  });

  it('TBlock: Generate lets the run at the cursor go on, and shows the tokens', async () => {
    await openExample('decoder.tblock');

    const run = await vscode.commands.executeCommand<Finished>('tblock.generate', 4);

    assert.equal(run.kind, 'done');
    assert.equal(run.summary?.generated, 4);
  });

  it('a lens runs what it stands on, a block too', async () => {
    const { document } = await openExample('post-norm.tblock');
    const uri = document.uri.toString();

    const run = await vscode.commands.executeCommand<Finished>('tblock.run', uri, 'PostNorm');

    assert.equal(run.kind, 'done');
  });

  it('TBlock: Run… picks from everything that can be run', async () => {
    await openProgram('two-runs.tblock', failing);

    const picked = vscode.commands.executeCommand<Finished>('tblock.pickRun');
    const run = await accept(picked);

    assert.equal(run.kind, 'done');
    assert.equal(run.summary?.run, 'right');
  });

  it('a failed expectation is a diagnostic on its line until the text changes', async () => {
    const editor = await openProgram('two-runs.tblock', failing);
    const { document } = editor;

    await vscode.commands.executeCommand('tblock.run', document.uri.toString(), 'wrong');
    const [failure] = await diagnosticsOnce(document, ({ length }) => length === 1);

    assert.equal(failure?.range.start.line, cursorAt(document, '‸expect z ~ 5').line);
    assert.match(failure.message, /4/);
    assert.equal(codeOf(failure), 'TB209');

    await replace(editor, 'z ~ 5', 'z ~ 4');
    await diagnosticsOnce(document, ({ length }) => length === 0);
    const run = await vscode.commands.executeCommand<Finished>(
      'tblock.run',
      document.uri.toString(),
      'wrong',
    );
    assert.equal(run.kind, 'done');
    assert.deepEqual(vscode.languages.getDiagnostics(document.uri), []);
  });

  it('a missing weight file is a diagnostic where it is named, and nothing hangs', async () => {
    const { document } = await openProgram(
      'weightless.tblock',
      'model M {\n  param W: [2]\n  output y = W\n}\nrun r for M { weights = "absent.safetensors" }\n',
    );

    const run = await vscode.commands.executeCommand<Finished>('tblock.run');
    const found = await diagnosticsOnce(document, ({ length }) => length > 0);

    assert.equal(run.kind, 'rejected');
    assert.match(found[0]?.message ?? '', /absent\.safetensors/);
    assert.equal(found[0]?.range.start.line, 4);
  });

  it('after a run a hover shows statistics, first values and a picture', async () => {
    const editor = await openExample('post-norm.tblock');
    const { document } = editor;
    const name = cursorAt(document, 't‸3 = LayerNorm');
    await vscode.commands.executeCommand('tblock.run');

    const hover = await hoverOnce(document, name, 'Last run');

    assert.match(hover, /blocks\.1\.t3/);
    assert.match(hover, /\| *mean *\| *std *\| *min *\| *max *\| *norm/);
    assert.match(hover, /!\[.*\]\(data:image\/png;base64,iVBOR/);

    await replace(editor, 'N = 3 ', 'N  =  3 ');
    assert.match(await hoverAt(document, cursorAt(document, 't‸3 = LayerNorm')), /has changed/);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('hovers show no values where the setting is off', async () => {
    const { document } = await openExample('post-norm.tblock');
    await vscode.commands.executeCommand('tblock.run');
    const name = cursorAt(document, 't‸3 = LayerNorm');
    await hoverOnce(document, name, 'Last run');
    const settings = vscode.workspace.getConfiguration('tblock');

    await settings.update('hover.values', false, vscode.ConfigurationTarget.Global);
    const hover = await hoverAt(document, name);
    await settings.update('hover.values', undefined, vscode.ConfigurationTarget.Global);

    assert.doesNotMatch(hover, /Last run/);
  });

  it('TBlock: Stop ends a run, and the next one runs', async () => {
    await openProgram('endless.tblock', endless);
    const running = vscode.commands.executeCommand<Finished>('tblock.run');
    await new Promise((done) => setTimeout(done, 500));

    await vscode.commands.executeCommand('tblock.stop');
    assert.equal((await running).kind, 'stopped');

    await openExample('post-norm.tblock');
    const next = await vscode.commands.executeCommand<Finished>('tblock.run');
    assert.equal(next.kind, 'done');
  });

  it('a run whose engine crashes fails with a sentence, and the next one has a new engine', async () => {
    await openProgram('endless.tblock', endless);
    const running = vscode.commands.executeCommand<Finished>('tblock.run');
    await new Promise((done) => setTimeout(done, 500));

    for (const id of engineProcesses()) process.kill(id, 'SIGKILL');
    const failed = await running;
    assert.equal(failed.kind, 'failed');
    assert.match(failed.message ?? '', /ended unexpectedly.*starts again with the next run/);

    await openExample('post-norm.tblock');
    const next = await vscode.commands.executeCommand<Finished>('tblock.run');
    assert.equal(next.kind, 'done');
  });

  it('TBlock: Show Output opens the log', async () => {
    await vscode.commands.executeCommand('tblock.showOutput');
    await vscode.commands.executeCommand('workbench.action.closePanel');
  });
});

/** The engines that this extension host has started. */
function engineProcesses(): number[] {
  const list = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  return list
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([, parent, ...args]) =>
        Number(parent) === process.pid && args.join(' ').includes('engine.cjs'),
    )
    .map(([id]) => Number(id));
}

/** Takes the first row of a quick pick as soon as it is there. */
async function accept<T>(answer: Thenable<T>): Promise<T> {
  let finished: { readonly value: T } | undefined;
  answer.then((value) => {
    finished = { value };
  });
  const { value } = await until(async () => {
    if (finished === undefined) {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    }
    return finished;
  });
  return value;
}
