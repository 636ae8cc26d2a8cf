import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { cursorAt, hoverOnce, openExample, until } from './editing.ts';

describe('the language', () => {
  it('shows a value’s declaration with its shape in symbols and in numbers', async () => {
    const { document } = await openExample('post-norm.tblock');

    const hover = await hoverOnce(document, cursorAt(document, 't‸2 = t1'), '[N, d]');

    assert.match(hover, /```tblock/);
    assert.match(hover, /\[3, 4\]/);
  });

  it('shows a block of the standard library with its documentation', async () => {
    const { document } = await openExample('post-norm.tblock');

    const hover = await hoverOnce(document, cursorAt(document, 't3 = Layer‸Norm'), 'LayerNorm');

    assert.match(hover, /block LayerNorm\(/);
  });

  it('goes into the standard library, which opens as a document', async () => {
    const { document } = await openExample('post-norm.tblock');

    const places = await until(async () => {
      const found = await vscode.commands.executeCommand<(vscode.Location | vscode.LocationLink)[]>(
        'vscode.executeDefinitionProvider',
        document.uri,
        cursorAt(document, 't3 = Layer‸Norm'),
      );
      return found.length > 0 ? found : undefined;
    });

    const [place] = places;
    assert.ok(place);
    const [uri, range] =
      'uri' in place ? [place.uri, place.range] : [place.targetUri, place.targetRange];
    assert.equal(uri.scheme, 'tblock');
    const library = await vscode.workspace.openTextDocument(uri);
    assert.match(library.lineAt(range.start.line).text, /block LayerNorm/);
    assert.equal(library.languageId, 'tblock');
  });

  it('goes to the definition of a value', async () => {
    const { document } = await openExample('post-norm.tblock');

    const [place] = await vscode.commands.executeCommand<vscode.Location[]>(
      'vscode.executeDefinitionProvider',
      document.uri,
      cursorAt(document, 't5 = t4 + t‸3'),
    );

    assert.equal(place?.range.start.line, cursorAt(document, '‸t3 = LayerNorm').line);
  });

  it('outlines the declarations and what is in them', async () => {
    const { document } = await openExample('post-norm.tblock');

    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      'vscode.executeDocumentSymbolProvider',
      document.uri,
    );

    assert.deepEqual(
      symbols.map(({ name }) => name),
      ['N', 'd', 'heads', 'd_ff', 'PostNorm', 'Tiny', 'demo'],
    );
    const block = symbols.find(({ name }) => name === 'PostNorm');
    assert.deepEqual(
      block?.children.map(({ name }) => name),
      ['t1', 't2', 't3', 't4', 't5', 'h'],
    );
  });

  it('puts ▷ Run and Inspect on every run, model and block, unless the setting is off', async () => {
    const { document } = await openExample('post-norm.tblock');
    const lenses = async () => {
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
      );
      return found.map(({ command }) => `${command?.title} ${command?.arguments?.[1]}`).sort();
    };

    assert.deepEqual(await lenses(), [
      ...['Inspect PostNorm', 'Inspect Tiny', 'Inspect demo'],
      ...['▷ Run PostNorm', '▷ Run Tiny', '▷ Run demo'],
    ]);

    const settings = vscode.workspace.getConfiguration('tblock');
    await settings.update('codeLens', false, vscode.ConfigurationTarget.Global);
    assert.deepEqual(await lenses(), []);
    await settings.update('codeLens', undefined, vscode.ConfigurationTarget.Global);
  });

  it('says above each what it costs, where the setting is on', async () => {
    const { document } = await openExample('post-norm.tblock');
    const settings = vscode.workspace.getConfiguration('tblock');
    await settings.update('codeLensCost', true, vscode.ConfigurationTarget.Global);
    const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
      100,
    );
    await settings.update('codeLensCost', undefined, vscode.ConfigurationTarget.Global);

    const costs = found.flatMap(({ command }) =>
      command?.title.includes('parameters') ? [command.title] : [],
    );
    assert.equal(costs.length, 3);
    assert.match(costs[0] ?? '', /^\d+ parameters · [\d.]+ kFLOP · [\d.]+ KiB$/);
  });
});
