import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type {
  DocumentHighlight,
  Location,
  PrepareRenameResult,
  WorkspaceEdit,
} from 'vscode-languageserver/node.js';
import { Editor } from './editor.ts';
import { applied, marksOf } from './marks.ts';

const uri = 'file:///folder/program.tblock';
const other = 'file:///folder/blocks.tblock';

let editor: Editor;
beforeEach(async () => {
  editor = await Editor.start();
});
afterEach(() => editor.stop());

const program = `dims { N = 2, d = 4 }
block Own(x: [N, d], wide: dim = d) -> [N, d] {
  attn = MultiHeadAttention(x, heads: 2)
  mid = x + attn
  return LayerNorm(mid) as ln
}
model M {
  input x: [N, d]
  repeat 3 as blocks {
    x = Own(x, wide: 8)
  }
  output y = x
}
run demo for M {
  patch blocks.0.attn.pattern = 0
  expect blocks.2.mid ~ 0
  expect blocks.0.ln ~ demo.blocks.1.ln
}
`;

/** Asks at the n-th place of a name, and answers with each found place marked in the text. */
async function at<Result>(method: string, before: string, text = program): Promise<Result> {
  const position = await editor.open(uri, text.replace(before, before.replace('‸', '')));
  const offset = text.indexOf(before.replace('‸', '')) + before.indexOf('‸');
  const lines = text.slice(0, offset).split('\n');
  expect(position).toBeDefined();
  return editor.connection.sendRequest<Result>(method, {
    textDocument: { uri },
    position: { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 },
    context: { includeDeclaration: true },
    newName: 'renamed',
  });
}

const target = async (before: string, text = program): Promise<string | undefined> => {
  const found = await at<Location | null>('textDocument/definition', before, text);
  return found === null ? undefined : marksOf(text, [found])[0];
};

describe('definition', () => {
  it.each([
    ['of a named argument is the parameter', 'wid‸e: 8', 'block Own(x: [N, d], «wide»: dim = d)'],
    ['of a part of a path is where it is named', 'expect blocks.2.mi‸d', '  «mid» = x + attn'],
    ['of a label in a path is the label', 'patch blo‸cks', '  repeat 3 as «blocks» {'],
    ['of a path in another run goes there as well', 'demo.blocks.1.l‸n', 'LayerNorm(mid) as «ln»'],
    ['of a run in a path is the run', 'de‸mo.blocks', 'run «demo» for M'],
    ['of a dim is its declaration', 'block Own(x: [‸N', 'dims { «N» = 2'],
    ['of the subject of a run is the model', 'run demo for ‸M', 'model «M» {'],
  ])('%s', async (_what, before, expected) => {
    expect(await target(before)).toContain(expected);
  });

  it('of an import is the file', async () => {
    await editor.open(other, 'block A(x: [4]) -> [4] { return x }');
    const text = 'import { A } from "./blo‸cks.tblock"';
    const position = await editor.open(uri, text);
    const found = await editor.at<Location>('textDocument/definition', uri, position);
    expect(found.uri).toBe(other);
  });

  it('of the type of a value are the dims that it is made of', async () => {
    const found = await at<Location[]>('textDocument/typeDefinition', '  mi‸d =');
    expect(marksOf(program, found)).toEqual(['dims { «N» = 2, d = 4 }', 'dims { N = 2, «d» = 4 }']);
  });
});

describe('references', () => {
  it('of a value are its reads and writes, and the paths of runs that lead to it', async () => {
    const found = await at<Location[]>('textDocument/references', '  mi‸d =');
    expect(marksOf(program, found)).toEqual([
      '  «mid» = x + attn',
      '  return LayerNorm(«mid») as ln',
      '  expect blocks.2.«mid» ~ 0',
    ]);
  });

  it('of a block are its calls, in files that import it too', async () => {
    const text = 'import { A } from "./blocks.tblock"\nblock B(x: [4]) -> [4] { return A(x) }';
    await editor.open(other, 'block A(x: [4]) -> [4] { return x }');
    await editor.open(uri, text);
    const found = await editor.connection.sendRequest<Location[]>('textDocument/references', {
      textDocument: { uri: other },
      position: { line: 0, character: 6 },
      context: { includeDeclaration: false },
    });
    expect(found.every((place) => place.uri === uri)).toBe(true);
    expect(marksOf(text, found)).toEqual([
      'import { «A» } from "./blocks.tblock"',
      'block B(x: [4]) -> [4] { return «A»(x) }',
    ]);
  });

  it('in the file are highlighted, writes apart from reads', async () => {
    const found = await at<DocumentHighlight[]>('textDocument/documentHighlight', '  mi‸d =');
    expect(found.map(({ kind }) => kind)).toEqual([3, 2, 2]);
  });
});

describe('rename', () => {
  it('changes a value everywhere, in the paths of runs too', async () => {
    const edit = await at<WorkspaceEdit>('textDocument/rename', 'expect blocks.2.mi‸d');
    expect(applied(program, edit.changes?.[uri])).toBe(program.replaceAll('mid', 'renamed'));
  });

  it('changes a block with the labels that are made of its name', async () => {
    const text = `block TopNorm(x: [4]) -> [4] { return x }
block B(x: [4]) -> [4] { return TopNorm(x) }
run r for B { expect top_norm ~ 0 }
`;
    const edit = await at<WorkspaceEdit>('textDocument/rename', 'return Top‸Norm', text);
    expect(applied(text, edit.changes?.[uri])).toBe(
      text.replaceAll('TopNorm', 'renamed').replace('top_norm', 'renamed'),
    );
  });

  it('of an argument changes what callers write', async () => {
    const edit = await at<WorkspaceEdit>('textDocument/rename', 'wid‸e: dim');
    expect(applied(program, edit.changes?.[uri])).toBe(program.replaceAll('wide', 'renamed'));
  });

  it.each([
    [
      'changes a dim in the file that is imported too',
      'import { A } from "./blocks.tblock"\n',
      [other, uri],
    ],
    ['leaves a dim of the same name in another program alone', '', [uri]],
  ])('%s', async (_what, beginning, changed) => {
    await editor.open(other, 'dims { wide = 4 }\nblock A(x: [wide]) -> [wide] { return x }\n');
    const text = `${beginning}dims { wide = 4 }\nblock B(x: [wide]) -> [wide] { return x }\n`;
    const edit = await at<WorkspaceEdit>('textDocument/rename', 'block B(x: [wi‸de', text);
    expect(Object.keys(edit.changes ?? {}).sort()).toEqual(changed);
    expect(applied(text, edit.changes?.[uri])).toBe(text.replaceAll('wide', 'renamed'));
  });

  it("is refused for what is not the program's own, with the reason", async () => {
    const asked = at<PrepareRenameResult>('textDocument/prepareRename', 'Multi‸HeadAttention');
    await expect(asked).rejects.toThrow('belongs to the standard library');
  });

  it('is refused where the name is taken', async () => {
    const asked = at('textDocument/rename', '  mi‸d =', program.replace('attn =', 'renamed ='));
    await expect(asked).rejects.toThrow('already stands for something else');
  });
});
