import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { cursorAt, hoverOnce, openProgram, replace } from './editing.ts';

/** What TBlock: Run All answers with; see `CheckResult`. */
interface Result {
  readonly check: vscode.TestItem;
  readonly state: string;
  readonly message: string;
}

const text = `dims { L = 2 }
model M {
  input x: [3] = [1, 2, 3]
  repeat L as blocks {
    h = x * 2
    x = x + h
  }
  output y = x
}

run clean for M {
  expect y[0] ~ 9
  expect y : [3]
}

run family[l: 0:L] for M {
  patch blocks.[l].h = 0
  metric m = y[0]
  expect y[0] ~ 3
  expect y[2] < 9
}

run broken for M {
  patch blocks.7.h = 0
  expect y[0] ~ 9
}

run silent for M {
  seed = 1
}
`;

const runAll = () => vscode.commands.executeCommand<readonly Result[]>('tblock.runAll');

function statesOf(results: readonly Result[]): readonly string[] {
  return results.map(({ check, state }) => `${check.parent?.label} · ${check.label}: ${state}`);
}

describe('the Test Explorer', () => {
  beforeEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('has every run as a test and every expectation as a check, and runs them all', async () => {
    await openProgram('checks.tblock', text);

    const results = await runAll();

    assert.deepEqual(statesOf(results), [
      'clean · expect y[0] ~ 9: passed',
      'clean · expect y : [3]: passed',
      'family · expect y[0] ~ 3: passed',
      'family · expect y[2] < 9: failed',
      'broken · expect y[0] ~ 9: errored',
      'checks.tblock · silent: passed',
    ]);
    const [, , , failed, broken] = results;
    assert.match(failed?.message ?? '', /It fails in 2 of 2 runs, first with l = 0: Measured 9/);
    assert.equal(failed?.check.range?.start.line, 19);
    assert.match(broken?.message ?? '', /TB202 .*blocks\.7\.h/);
    assert.equal(results[2]?.check.parent?.description, 'for every l');
  });

  it('follows the text', async () => {
    const editor = await openProgram('checks.tblock', text);
    await runAll();

    await replace(editor, 'expect y[2] < 9', 'expect y[2] < 10');
    await replace(editor, 'run silent for M {\n  seed = 1\n}', '');

    const states = statesOf(await runAll());
    assert.equal(states[3], 'family · expect y[2] < 10: passed');
    assert.equal(states.length, 5);
  });

  it('leaves the last run of the program as it is', async () => {
    const { document } = await openProgram('checks.tblock', text);
    await vscode.commands.executeCommand('tblock.run');
    await runAll();
    await hoverOnce(document, cursorAt(document, '‸h = x * 2'), 'blocks.1.h');
  });
});
