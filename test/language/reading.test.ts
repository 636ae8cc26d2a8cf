import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type {
  FoldingRange,
  Hover,
  InlayHint,
  SelectionRange,
  SemanticTokens,
  SignatureHelp,
  SymbolInformation,
} from 'vscode-languageserver/node.js';
import { Editor } from './editor.ts';
import { marksOf } from './marks.ts';

const uri = 'file:///folder/program.tblock';

let editor: Editor;
beforeEach(async () => {
  editor = await Editor.start();
});
afterEach(() => editor.stop());

const program = `/// A file
/// with words.
dims { N = 2, d = 4, heads = 2 }

block Own(x: [N, d], wide: dim) -> [N, d] {
  param W: [d, wide]
  h = x @ W
  x += LayerNorm(x) as ln
  return x
}

model M {
  input x: [N, d]
  repeat 3 as blocks {
    x = Own(
      x,
      wide: 8
    )
  }
  output y = x
}

run demo for M {
  expect blocks.0.h ~ 0
}
`;

async function hover(marked: string): Promise<string> {
  const position = await editor.open(uri, marked);
  const found = await editor.at<Hover | null>('textDocument/hover', uri, position);
  return found !== null && typeof found.contents === 'object' && 'value' in found.contents
    ? found.contents.value
    : '';
}

const at = (place: string) => hover(program.replace(place.replace('‸', ''), place));

describe('hover', () => {
  it('of a call shows the block, what this call costs, and its documentation', async () => {
    const text = await hover(
      'dims { N = 2, d = 4 }\nblock B(x: [N, d]) -> [N, d] { return Linear‸(x, out: d) }',
    );
    expect(text).toContain('block Linear(');
    expect(text).toContain('Here `n = d = 4`');
    expect(text).toMatch(/^Parameters `.*` = \*\*20\*\*/m);
    expect(text).toMatch(/^Compute .*FLOP/m);
    expect(text).toMatch(/x·W \+ b, over the last axis.*\n\n---/);
  });

  it('of a block shows what it costs in its own dims', async () => {
    const text = await at('block Ow‸n');
    expect(text).toContain('block Own(x: [N, d], wide: dim) -> [N, d]');
    expect(text).toMatch(/Parameters `.*wide.*`/);
  });

  it('of an operator shows its signature and its spelling in PyTorch', async () => {
    const text = await hover('block B(x: [4]) -> [4] { return soft‸max(x) }');
    expect(text).toContain('softmax(x: [...], axis: number = -1) -> [...]');
    expect(text).toContain('torch.softmax');
  });

  it('of a value shows its equation and its shape', async () => {
    const text = await at('  ‸h = x @ W');
    expect(text).toContain('```tblock\nh = x @ W\n```');
    expect(text).toContain('Shape `[N, wide]`');
  });

  it('of a dim and of a value has the comment behind it', async () => {
    const text = (mark: string) => `dims {
  N = 2  // sequence length
  d = 4
}
block B(x: [N, d]) -> [N, d] {
  h = x * 2   // twice
  return ${mark}
}`;
    expect(await hover(text('h').replace('[N,', '[‸N,'))).toContain('---\n\nsequence length');
    expect(await hover(text('‸h'))).toContain('---\n\ntwice');
  });

  it('of a label names the paths that it begins', async () => {
    expect(await at('as l‸n')).toContain('LayerNorm(x) as ln');
    expect(await at('as l‸n')).toContain('`ln.gamma` · `ln.beta`');
  });

  it('of a part of a path shows the numbers of the run', async () => {
    const text = await at('blocks.0.‸h ~');
    expect(text).toContain('= `[2, 8]`');
    expect(text).toContain('h = x @ W');
    expect(await at('expect blo‸cks')).toContain('Copies `3`');
  });

  it('of a named argument shows the parameter', async () => {
    expect(await at('wi‸de: 8')).toContain('wide: dim');
  });
});

describe('signature help', () => {
  const help = async (marked: string) => {
    const position = await editor.open(uri, marked);
    const found = await editor.at<SignatureHelp | null>(
      'textDocument/signatureHelp',
      uri,
      position,
    );
    const [signature] = found?.signatures ?? [];
    const parameter = signature?.parameters?.[found?.activeParameter ?? 0]?.label;
    return Array.isArray(parameter) ? signature?.label.slice(...parameter) : undefined;
  };
  const body = (line: string) => `dims { d = 4 }\nblock B(x: [4, d]) -> [4, d] {\n  y = ${line}\n}`;

  it.each([
    ['the first argument', 'FFN(‸', 'x: [..., n]'],
    ['the second', 'FFN(x, ‸', 'hidden: dim'],
    ['a named one', 'FFN(x, activation: ‸', 'activation: fn = gelu'],
    ['one of an operator', 'softmax(x, ‸)', 'axis: number = -1'],
    ['one of the inner of two calls', 'FFN(LayerNorm(x, ‸), hidden: d)', 'eps: number = 1e-5'],
    ['one of the outer of two calls', 'FFN(LayerNorm(x), ‸hidden: d)', 'hidden: dim'],
  ])('marks %s', async (_what, line, expected) => {
    expect(await help(body(line))).toBe(expected);
  });

  it('is silent outside of calls', async () => {
    expect(await help(body('x + ‸'))).toBeUndefined();
  });
});

describe('inlay hints', () => {
  const everything = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
  const shown = async (text: string) => {
    await editor.open(uri, text);
    const hints = await editor.connection.sendRequest<InlayHint[]>('textDocument/inlayHint', {
      textDocument: { uri },
      range: everything,
    });
    const lines = text.split('\n');
    for (const { position, label } of [...hints].reverse()) {
      const line = lines[position.line] ?? '';
      lines[position.line] =
        `${line.slice(0, position.character)}«${label}»${line.slice(position.character)}`;
    }
    return lines.filter((line) => line.includes('«')).map((line) => line.trim());
  };

  const switched = (shapes: boolean, dims: boolean) =>
    editor.connection.sendNotification('workspace/didChangeConfiguration', {
      settings: { tblock: { inlayHints: { shapes, dims } } },
    });

  it('show the shapes that are not declared', async () => {
    expect(await shown(program)).toEqual(['h = x @ W«[N, wide]»', ')«[N, d]»']);
  });

  it('show what a call binds where that is asked for', async () => {
    await switched(true, true);
    expect(await shown(program)).toEqual([
      'h = x @ W«[N, wide]»',
      'x += LayerNorm«⟨n = d⟩»(x) as ln',
      ')«[N, d]»',
    ]);
  });

  it('can be switched off, each kind by itself', async () => {
    await switched(false, true);
    expect(await shown(program)).toEqual(['x += LayerNorm«⟨n = d⟩»(x) as ln']);
  });
});

describe('semantic tokens', () => {
  it('tell dims, parameters, arguments, intermediates and residual writes apart', async () => {
    await editor.open(uri, program);
    const { data } = await editor.in<SemanticTokens>('textDocument/semanticTokens/full', uri);
    const lines = program.split('\n');
    const types = [
      'typeParameter',
      'property',
      'parameter',
      'variable',
      'class',
      'function',
      'label',
      'event',
      'namespace',
    ];
    const found: string[] = [];
    for (let i = 0, line = 0, character = 0; i < data.length; i += 5) {
      const [down = 0, right = 0, length = 0, type = 0, bits = 0] = data.slice(i, i + 5);
      character = down > 0 ? right : character + right;
      line += down;
      const word = lines[line]?.slice(character, character + length);
      found.push(`${line}:${word} ${types[type]}${(bits & 8) === 0 ? '' : ' residual'}`);
    }

    expect(found).toEqual(
      expect.arrayContaining(
        [
          '2:N typeParameter',
          '4:Own class',
          '4:x parameter',
          '4:wide typeParameter',
          '5:W property',
          '6:h variable',
          '6:x parameter',
          '6:W property',
          '7:x parameter residual',
          '7:LayerNorm class',
          '7:ln label',
          '15:wide parameter',
          '21:demo event',
          '22:h variable',
        ].map((each) => expect.stringContaining(each.split(':')[1] ?? '')),
      ),
    );
    expect(found.find((each) => each.startsWith('7:x'))).toBe('7:x parameter residual');
    expect(found.find((each) => each.startsWith('6:W'))).toBe('6:W property');
    expect(found.find((each) => each.startsWith('6:h'))).toBe('6:h variable');
  });
});

describe('folding', () => {
  it('is by brackets and comments', async () => {
    await editor.open(uri, program);
    const folds = await editor.in<FoldingRange[]>('textDocument/foldingRange', uri);
    expect(folds.map(({ startLine, endLine, kind }) => [startLine, endLine, kind])).toEqual([
      [0, 1, 'comment'],
      [4, 8, undefined],
      [11, 19, undefined],
      [13, 17, undefined],
      [14, 16, undefined],
      [22, 23, undefined],
    ]);
  });
});

describe('selection', () => {
  it('grows from the name over the expression to the declaration', async () => {
    const position = await editor.open(uri, program.replace('x @ W', 'x @ ‸W'));
    const [first] = await editor.connection.sendRequest<SelectionRange[]>(
      'textDocument/selectionRange',
      { textDocument: { uri }, positions: [position] },
    );
    const steps: SelectionRange[] = [];
    for (let step = first; step !== undefined; step = step.parent) steps.push(step);
    expect(marksOf(program, steps.slice(0, 3))).toEqual([
      '  h = x @ «W»',
      '  h = «x @ W»',
      '  «h = x @ W»',
    ]);
    expect(steps.at(-1)?.range.start).toEqual({ line: 0, character: 0 });
  });
});

describe('workspace symbols', () => {
  it('are found by the letters of their names, in order', async () => {
    await editor.open(uri, program);
    const found = await editor.connection.sendRequest<SymbolInformation[]>('workspace/symbol', {
      query: 'ow',
    });
    expect(found.map(({ name }) => name)).toEqual(['Own']);
  });
});
