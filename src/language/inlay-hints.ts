/** Between the text: the shape of what a line assigns, and the lengths that a call gives to a block's own dims. */
import {
  type InlayHint,
  InlayHintKind,
  type Position,
  type Range,
} from 'vscode-languageserver/node.js';
import { displayName, formatDim, symbolsOf } from '../dims/index.ts';
import { type CheckedUnit, callsOf, numberOf } from '../shapes/index.ts';
import { rangeOf, type Statement } from '../syntax/index.ts';
import type { Feature } from './feature.ts';
import { shapeText } from './names-in-scope.ts';
import type { OpenProgram } from './program-store.ts';
import type { InlayHintSettings } from './protocol.ts';

export const inlayHints: Feature = {
  name: 'inlay hints',
  capabilities: { inlayHintProvider: true },
  attach: ({ connection, programs, options, guarded }) => {
    connection.languages.inlayHint.on(
      guarded('inlay hints', [], ({ textDocument, range }): InlayHint[] => {
        const program = programs.program(textDocument.uri);
        return program === undefined ? [] : hintsIn(program, range, options().inlayHints ?? {});
      }),
    );
  },
};

function hintsIn(
  program: OpenProgram,
  range: Range,
  { shapes = true, dims = false }: InlayHintSettings,
): InlayHint[] {
  const start = program.lines.offsetAt(range.start);
  const end = program.lines.offsetAt(range.end);
  const units = program.analysis.program.memory.units.filter(
    ({ extent }) => extent.start <= end && extent.end >= start,
  );
  return units
    .flatMap((unit) => [
      ...(shapes ? shapeHints(program, unit) : []),
      ...(dims ? dimHints(program, unit) : []),
    ])
    .filter(({ position }) => position.line >= range.start.line && position.line <= range.end.line);
}

function shapeHints(program: OpenProgram, { facts, node }: CheckedUnit): InlayHint[] {
  const made = new Map(facts.map((fact) => [fact.source.start, fact]));
  const hintsOf = (statements: readonly Statement[]): InlayHint[] =>
    statements.flatMap((statement) => {
      if (statement.$type === 'Repeat') return hintsOf(statement.statements);
      if (statement.$type === 'If') {
        return hintsOf([...statement.consequent, ...statement.otherwise]);
      }
      // What is declared is there to be read, and a write keeps the shape of its stream.
      if (statement.$type !== 'Assign' || statement.type !== undefined) return [];
      const shapes = statement.targets.map((target) => {
        const fact = made.get(rangeOf(target).start);
        return fact?.definition?.start === fact?.source.start ? shapeText(fact?.type) : undefined;
      });
      const known = shapes.filter((shape) => shape !== undefined);
      if (known.length < shapes.length) return [];
      return [
        {
          position: lineEnd(program, rangeOf(statement).end),
          label: [...new Set(known)].join(', '),
          kind: InlayHintKind.Type,
          paddingLeft: true,
        },
      ];
    });
  return hintsOf(node.statements);
}

/** Behind a comment, so that comments stay below one another. */
function lineEnd({ analysis, lines }: OpenProgram, offset: number): Position {
  const newline = analysis.text.slice(offset).search(/\r?\n|$/);
  return lines.positionAt(offset + Math.max(0, newline));
}

function dimHints(program: OpenProgram, { block }: CheckedUnit): InlayHint[] {
  const { dimFacts, program: checked } = program.analysis;
  return callsOf(block.body).flatMap((call): InlayHint[] => {
    const block = checked.blocks.get(call.block);
    const callee = block?.name ?? '';
    // What only defaults bind says nothing of this call.
    const given = block?.parameters.filter(({ name }) => call.arguments.has(name)) ?? [];
    const seen = new Set(
      given.flatMap(({ type }) => type?.shape.axes.flatMap(symbolsOf).map(displayName) ?? []),
    );
    const bound = (call.generics ?? []).map(({ name, dim }) => ({
      name,
      dim,
      text: formatDim(dim),
    }));
    // `N = N` says nothing.
    const telling = bound.filter(({ name, text }) => name !== text && seen.has(name));
    if (telling.length === 0 || !program.analysis.text.startsWith(callee, call.source.start)) {
      return [];
    }
    const values = bound.map(({ name, dim, text }) => {
      const number = numberOf(dimFacts, dim);
      return `\`${[name, text, ...(number === undefined || `${number}` === text ? [] : [number])].join(' = ')}\``;
    });
    return [
      {
        position: program.lines.positionAt(call.source.start + callee.length),
        label: `⟨${telling.map(({ name, text }) => `${name} = ${text}`).join(', ')}⟩`,
        kind: InlayHintKind.Parameter,
        tooltip: { kind: 'markdown', value: values.join(' · ') },
      },
    ];
  });
}
