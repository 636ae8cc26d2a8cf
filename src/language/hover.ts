/** Hover: what a name is, its documentation, its shape in symbols and in numbers, and what it costs. */
import { t } from '@vscode/l10n';
import { type Hover, MarkupKind } from 'vscode-languageserver/node.js';
import { costAt, preludeUri } from '../analysis/index.ts';
import { type Dim, displayName, formatDim, formatShape, symbolsOf } from '../dims/index.ts';
import {
  type CheckedBlock,
  callsOf,
  type DimFacts,
  type NameFact,
  numberOf,
  type TensorType,
} from '../shapes/index.ts';
import { shortSignature } from './completion-calls.ts';
import { costText, figuresText } from './cost-text.ts';
import { factAt } from './facts.ts';
import { type Feature, rangeIn } from './feature.ts';
import { unitAt } from './names-in-scope.ts';
import type { Occurrence } from './occurrences.ts';
import type { PathEntry } from './path-entries.ts';
import type { OpenProgram } from './program-store.ts';
import { nameAt } from './references.ts';
import type { Meaning } from './symbols.ts';

export const hover: Feature = {
  name: 'hover',
  capabilities: { hoverProvider: true },
  attach: ({ connection, programs, guarded }) =>
    connection.onHover(
      guarded('hover', null, ({ textDocument, position }): Hover | null => {
        const program = programs.program(textDocument.uri);
        return program === undefined ? null : hoverAt(program, program.lines.offsetAt(position));
      }),
    ),
};

function hoverAt(program: OpenProgram, offset: number): Hover | null {
  const named = nameAt(program, offset);
  const fact = factAt(program, offset);
  const source = named?.occurrence ?? fact?.source;
  const parts = named === undefined ? [] : describeName(program, named.occurrence, named.meaning);
  // What the tree does not tell the check may: a name in a broken place.
  const text = parts.length > 0 ? parts.join('\n\n') : fact && describe(fact, program);
  if (source === undefined || text === undefined) return null;
  return {
    contents: { kind: MarkupKind.Markdown, value: text },
    range: rangeIn(program, source),
  };
}

function describeName(
  program: OpenProgram,
  occurrence: Occurrence,
  meaning: Meaning,
): readonly string[] {
  const { block, operator, path, fact } = meaning;
  if (path !== undefined) return describePath(program, occurrence, path, meaning);
  if (block !== undefined) return describeBlock(program, block, occurrence);
  if (operator !== undefined) {
    const torch = 'torch' in operator ? [`PyTorch \`${operator.torch}\``] : [];
    return [code(operator.signature), ...torch, '---', t(operator.doc)];
  }
  if (fact !== undefined) return [describe(fact, program)];
  const { runs, weights } = program.analysis.program;
  const { name, kind } = occurrence;
  const run = kind === 'run' ? runs.find((each) => each.name === name) : undefined;
  if (run !== undefined) return [code(`run ${name} for ${run.target}`)];
  const mapping = kind === 'weights' ? weights.get(name) : undefined;
  if (mapping !== undefined) {
    return [code(`weights ${name} = "${mapping.file}"`), t`${mapping.mappings.length} mappings`];
  }
  return kind === 'label' ? [code(`label ${name}`), t`In paths: \`${name}.…\``] : [];
}

/** The header, what it costs here and in general, and its documentation. */
function describeBlock(
  program: OpenProgram,
  block: CheckedBlock,
  { kind, start }: Occurrence,
): readonly string[] {
  const isLong = block.parameters.length > 6 && kind === 'callee';
  const parts = [code(isLong ? `block ${shortSignature(block)}` : block.signature)];
  const facts = program.analysis.dimFacts;
  if (kind === 'callee') {
    const owner = unitAt(program, start)?.block;
    const call = owner && callsOf(owner.body).find(({ source }) => source.start === start);
    const here = owner && call && costText(program, owner, call.source);
    if (here !== undefined) parts.push(t`Here: ${here}`);
  }
  if (block.uri !== preludeUri || kind !== 'callee') {
    const total = costText(program, block);
    if (total !== undefined) parts.push(total);
  }
  if (block.kind === 'block' && block.result !== undefined && kind !== 'callee') {
    parts.push(...describeType(block.result, facts));
  }
  if (block.doc !== undefined) parts.push('---', t(block.doc));
  if (isLong) parts.push('---', code(block.signature));
  return parts;
}

/** A part of a path: the value or call that it names, with the numbers of the run that it stands in. */
function describePath(
  program: OpenProgram,
  occurrence: Occurrence,
  entry: PathEntry,
  { fact }: Meaning,
): readonly string[] {
  const { analysis } = program;
  const path = (occurrence.parts ?? []).join('.');
  const parts = [code(`${path}${entry.block === undefined ? '' : `  // ${entry.block.name}`}`)];
  if (entry.copies !== undefined)
    parts.push(t`Copies ${describeLength(entry.copies, analysis.dimFacts)}`);
  const graph =
    occurrence.owner.$type === 'Run' ? analysis.graphOf(occurrence.owner.name) : undefined;
  const id = graph?.values.get(graph.aliases.get(path) ?? path);
  const node = id === undefined ? undefined : graph?.nodes[id];
  if (node !== undefined) {
    parts.push(t`Shape \`[${node.axes.join(', ')}]\` = \`[${node.shape.join(', ')}]\``);
  } else if (entry.type !== undefined) parts.push(...describeType(entry.type, analysis.dimFacts));
  if (fact !== undefined) parts.push(code(fact.declaration));
  if (entry.versions > 1) {
    parts.push(
      t`${entry.versions} versions: \`${entry.name}#0\` … \`${entry.name}#${entry.versions - 1}\`; the bare name is the last.`,
    );
  }
  if (entry.block?.doc !== undefined) parts.push('---', t(entry.block.doc));
  return parts;
}

/** A name's hover as Markdown: declaration, shape, lengths, cost, documentation. */
function describe(fact: NameFact, program: OpenProgram): string {
  const { dimFacts: facts, uri } = program.analysis;
  const parts = [code(fact.declaration)];
  if (fact.type !== undefined) parts.push(...describeType(fact.type, facts));
  else if (fact.dim !== undefined) parts.push(t`Length ${describeLength(fact.dim, facts)}`);
  const { definition, kind } = fact;
  if (definition?.uri === uri && kind !== 'argument' && kind !== 'dim') {
    const found = costAt(program.analysis, definition.start);
    const cost = found?.kind === 'statement' ? figuresText(found.cost, found.facts) : undefined;
    if (cost !== undefined) parts.push(cost);
  }
  if (fact.doc !== undefined) parts.push('---', t(fact.doc));
  return parts.join('\n\n');
}

function code(text: string): string {
  return ['```tblock', text, '```'].join('\n');
}

function describeType(type: TensorType, facts: DimFacts): readonly string[] {
  const { shape, dtype } = type;
  const symbolic = `${dtype === 'int' ? 'int' : ''}${formatShape(shape)}`;
  const lengths = shape.axes.map((axis) => String(numberOf(facts, axis) ?? formatDim(axis)));
  const numeric = `[${[...(shape.lead ? ['...'] : []), ...lengths].join(', ')}]`;
  const line = symbolic.endsWith(numeric) ? `\`${symbolic}\`` : `\`${symbolic}\` = \`${numeric}\``;
  const symbols = [...new Set(shape.axes.flatMap(symbolsOf))];
  const values = symbols.map((symbol) => describeSymbol(symbol, facts));
  return values.length === 0 ? [t`Shape ${line}`] : [t`Shape ${line}`, values.join(' · ')];
}

function describeLength(dim: Dim, facts: DimFacts): string {
  const number = numberOf(facts, dim);
  const symbols = symbolsOf(dim);
  const written = formatDim(dim);
  const line = number === undefined || String(number) === written ? '' : ` = ${number}`;
  const definitions = symbols
    .filter((symbol) => formatDim(dim) !== displayName(symbol) || number === undefined)
    .map((symbol) => describeSymbol(symbol, facts));
  return [`\`${written}${line}\``, ...definitions].join(' · ');
}

/** `d_ff = 4·d = 16`; without a value, where one comes from. */
function describeSymbol(symbol: string, facts: DimFacts): string {
  const name = displayName(symbol);
  const definition = facts.definitions.get(symbol);
  const value = definition ? numberOf(facts, definition) : facts.values.get(symbol);
  const steps = [name, definition && formatDim(definition), value].filter((x) => x !== undefined);
  if (value !== undefined) return `\`${steps.join(' = ')}\``;
  const reason = name === symbol ? t`free` : t`from each call`;
  return `\`${steps.join(' = ')}\` (${reason})`;
}
