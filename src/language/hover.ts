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
import { scan } from '../syntax/index.ts';
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
  return kind === 'label' ? describeLabel(program, occurrence) : [];
}

/** What a label names, and the paths that it begins. */
function describeLabel(program: OpenProgram, { name, start }: Occurrence): readonly string[] {
  const { analysis } = program;
  const owner = unitAt(program, start)?.block;
  const call = owner && callsOf(owner.body).find(({ label }) => label.source.start === start);
  if (owner === undefined || call === undefined) {
    return [code(`label ${name}`), t`The first part of paths: \`${name}.…\``];
  }
  const within = new RegExp(`(?:^|\\.)${name}\\.([^.]+)$`, 'u');
  const partsIn = (target: string) => {
    const paths = [...(analysis.graphOf(target)?.values.keys() ?? [])];
    return new Set(paths.flatMap((path) => within.exec(path)?.[1]?.replace(/#.*/, '') ?? []));
  };
  // A block that lacks a length is laid out in the model that calls it.
  const targets = [owner.name, ...analysis.program.models.keys()];
  const parts = targets.map(partsIn).find(({ size }) => size > 0) ?? new Set();
  const listed = [...parts].map((part) => `\`${name}.${part}\``).join(' · ');
  const written = analysis.text.slice(call.source.start, call.source.end);
  return [code(written), ...(listed === '' ? [] : [t`In paths: ${listed}`])];
}

/** The header, its documentation, and what it costs: of a call what it costs here. */
function describeBlock(
  program: OpenProgram,
  block: CheckedBlock,
  { kind, start }: Occurrence,
): readonly string[] {
  const isCall = kind === 'callee';
  const isLong = block.parameters.length > 6 && isCall;
  const facts = program.analysis.dimFacts;
  const parts = [code(isLong ? `block ${shortSignature(block)}` : block.signature)];
  if (block.doc !== undefined) parts.push(t(block.doc));
  if (block.doc !== undefined || isCall) parts.push('---');
  if (isCall) parts.push(...describeCall(program, start));
  if (block.kind === 'block' && block.result !== undefined && !isCall) {
    parts.push(...describeType(block.result, facts));
  }
  const total = block.uri === preludeUri && isCall ? undefined : costText(program, block);
  if (total !== undefined) parts.push(isCall ? t`In all:  \n${total}` : total);
  if (isLong) parts.push('---', code(block.signature));
  return parts;
}

/** What a call gives to the dims of its block, and what it costs. */
function describeCall(program: OpenProgram, start: number): readonly string[] {
  const owner = unitAt(program, start)?.block;
  const call = owner && callsOf(owner.body).find(({ source }) => source.start === start);
  if (owner === undefined || call === undefined) return [];
  const { dimFacts } = program.analysis;
  const lengths = (call.generics ?? []).map(({ name, dim }) => {
    const steps = [name, formatDim(dim), numberOf(dimFacts, dim)].filter((x) => x !== undefined);
    return `\`${[...new Set(steps.map(String))].join(' = ')}\``;
  });
  const cost = costText(program, owner, call.source);
  return [
    ...(lengths.length === 0 ? [] : [t`Here ${lengths.join(' · ')}`]),
    ...(cost === undefined ? [] : [cost]),
  ];
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
  const doc = fact.doc ?? remarkOn(program, fact);
  if (doc !== undefined) parts.push('---', t(doc));
  return parts.join('\n\n');
}

/** The comment at the end of the line that gives a value its name. */
function remarkOn({ analysis }: OpenProgram, { definition, kind }: NameFact): string | undefined {
  if (definition?.uri !== analysis.uri || kind === 'argument') return undefined;
  const [line = ''] = analysis.text.slice(definition.start).split(/\r?\n/, 1);
  return scan(line)
    .comments.find(({ kind: sort }) => sort === 'LINE_COMMENT')
    ?.text.replace(/^\/+\s*/, '');
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
