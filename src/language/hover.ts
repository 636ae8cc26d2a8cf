/** Hover: what a name is, its documentation, and its shape in symbols and in numbers. */
import { type Hover, MarkupKind } from 'vscode-languageserver/node.js';
import { type Dim, displayName, formatDim, formatShape, symbolsOf } from '../dims/index.ts';
import { type DimFacts, type NameFact, numberOf, type TensorType } from '../shapes/index.ts';
import { factAt } from './facts.ts';
import { type Feature, rangeIn } from './feature.ts';

export const hover: Feature = {
  name: 'hover',
  capabilities: { hoverProvider: true },
  attach: ({ connection, programs, guarded }) =>
    connection.onHover(
      guarded('hover', null, ({ textDocument, position }): Hover | null => {
        const program = programs.program(textDocument.uri);
        const fact = program && factAt(program, program.lines.offsetAt(position));
        if (program === undefined || fact === undefined) return null;
        const value = describe(fact, program.analysis.dimFacts);
        return {
          contents: { kind: MarkupKind.Markdown, value },
          range: rangeIn(program, fact.source),
        };
      }),
    ),
};

/** A name's hover as Markdown: declaration, shape, lengths, documentation. */
export function describe(fact: NameFact, facts: DimFacts): string {
  const parts = [['```tblock', fact.declaration, '```'].join('\n')];
  if (fact.type !== undefined) parts.push(...describeType(fact.type, facts));
  else if (fact.dim !== undefined) parts.push(describeLength(fact.dim, facts));
  if (fact.doc !== undefined) parts.push('---', fact.doc);
  return parts.join('\n\n');
}

function describeType(type: TensorType, facts: DimFacts): readonly string[] {
  const { shape, dtype } = type;
  const symbolic = `${dtype === 'int' ? 'int' : ''}${formatShape(shape)}`;
  const lengths = shape.axes.map((axis) => String(numberOf(facts, axis) ?? formatDim(axis)));
  const numeric = `[${[...(shape.lead ? ['...'] : []), ...lengths].join(', ')}]`;
  const line = symbolic.endsWith(numeric) ? `\`${symbolic}\`` : `\`${symbolic}\` = \`${numeric}\``;
  const symbols = [...new Set(shape.axes.flatMap(symbolsOf))];
  const values = symbols.map((symbol) => describeSymbol(symbol, facts));
  return values.length === 0 ? [`Shape ${line}`] : [`Shape ${line}`, values.join(' · ')];
}

function describeLength(dim: Dim, facts: DimFacts): string {
  const number = numberOf(facts, dim);
  const symbols = symbolsOf(dim);
  const written = formatDim(dim);
  const line = number === undefined || String(number) === written ? '' : ` = ${number}`;
  const definitions = symbols
    .filter((symbol) => formatDim(dim) !== displayName(symbol) || number === undefined)
    .map((symbol) => describeSymbol(symbol, facts));
  return [`Length \`${written}${line}\``, ...definitions].join(' · ');
}

/** `d_ff = 4·d = 16`; without a value, where one comes from. */
function describeSymbol(symbol: string, facts: DimFacts): string {
  const name = displayName(symbol);
  const definition = facts.definitions.get(symbol);
  const value = definition ? numberOf(facts, definition) : facts.values.get(symbol);
  const steps = [name, definition && formatDim(definition), value].filter((x) => x !== undefined);
  if (value !== undefined) return `\`${steps.join(' = ')}\``;
  const reason = name === symbol ? 'free' : 'from each call';
  return `\`${steps.join(' = ')}\` (${reason})`;
}
