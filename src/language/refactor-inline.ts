/** A call replaced by the body of its block: the program's own (inline), or of the standard library (expand). */
import { t } from '@vscode/l10n';
import { preludeUri } from '../analysis/index.ts';
import { formatDim } from '../dims/index.ts';
import { type CheckedBlock, callsOf } from '../shapes/index.ts';
import {
  type Block,
  type Call,
  type Expression,
  rangeOf,
  type Statement,
  type TextRange,
  textOf,
} from '../syntax/index.ts';
import type { Occurrence } from './occurrences.ts';
import {
  freeName,
  indentAt,
  isWithin,
  type Refactoring,
  type Selected,
  statementAt,
} from './refactoring.ts';
import { type FileSymbols, symbolsOf } from './symbols.ts';

export function inlinings(selected: Selected): readonly Refactoring[] {
  const statement = statementAt(selected.unit.node.statements, selected.start)?.statement;
  if (statement?.$type !== 'Assign' && statement?.$type !== 'ResidualWrite') return [];
  const { value } = statement;
  if (value.$type !== 'Call') return [];
  const { program } = selected.program.analysis;
  const block = program.blocks.get(program.named.get(value.callee) ?? '');
  const file = block && symbolsOf(selected.program.analysis).get(block.uri);
  const node = file?.tree.declarations.find(
    (each): each is Block => each.$type === 'Block' && each.name === block?.name,
  );
  if (block === undefined || file === undefined || node === undefined) return [];
  const text = selected.program.analysis.textOf({
    uri: block.uri,
    start: 0,
    end: Number.MAX_SAFE_INTEGER,
  });
  const lines = new Inlining(selected, { block, file, node, text }, value).lines(statement);
  if (lines === undefined) return [];
  const indent = indentAt(selected.text, rangeOf(statement).start);
  const isLibrary = block.uri === preludeUri;
  return [
    {
      title: isLibrary ? t`Expand ${block.name} in place` : t`Inline ${block.name}`,
      kind: 'refactor.inline',
      edits: [{ ...rangeOf(statement), text: lines.join(`\n${indent}`) }],
    },
  ];
}

interface Inlined {
  readonly block: CheckedBlock;
  readonly file: FileSymbols;
  readonly node: Block;
  readonly text: string;
}

/** What a name of the block becomes. */
type Substitution = ReadonlyMap<string, string>;

class Inlining {
  readonly #selected: Selected;
  readonly #inlined: Inlined;
  readonly #call: Call;
  readonly #names: readonly Occurrence[];
  readonly #becomes = new Map<string, string>();
  /** Static arguments as they are written. */
  readonly #statics = new Map<string, string>();
  readonly #lead: string[] = [];

  constructor(selected: Selected, inlined: Inlined, call: Call) {
    this.#selected = selected;
    this.#inlined = inlined;
    this.#call = call;
    this.#names = inlined.file.occurrences.filter(({ owner }) => owner === inlined.node);
  }

  /** Undefined where a condition is not decided by the call's own arguments. */
  lines(statement: Statement): readonly string[] | undefined {
    this.#bindGenerics();
    this.#bindArguments();
    this.#keepApart();
    const body = this.#body(this.#inlined.node.statements, '');
    if (body === undefined) return undefined;
    const result = body.at(-1);
    if (result?.kind !== 'result') return undefined;
    const target =
      statement.$type === 'ResidualWrite'
        ? `${statement.target.name} += `
        : `${statement.$type === 'Assign' ? statement.targets.map(({ name }) => name).join(', ') : ''} = `;
    const last = `${target}${result.text}`;
    return [...this.#lead, ...body.slice(0, -1).flatMap(({ text }) => text.split('\n')), last];
  }

  #bindGenerics(): void {
    const { unit } = this.#selected;
    const { start } = rangeOf(this.#call);
    const call = callsOf(unit.block.body).find(({ source }) => source.start === start);
    for (const { name, dim } of call?.generics ?? []) {
      this.#becomes.set(name, grouped(formatDim(dim).replaceAll('·', ' * ')));
    }
  }

  #bindArguments(): void {
    const { node } = this.#inlined;
    const assigned = new Set(
      this.#names
        .filter(({ access }) => access !== 'read' && access !== 'declare')
        .map(({ name }) => name),
    );
    const positional = this.#call.arguments.filter(({ name }) => name === undefined);
    for (const [i, { name, type, initial }] of node.parameters.entries()) {
      const given =
        this.#call.arguments.find((each) => each.name === name)?.value ?? positional[i]?.value;
      const written =
        given === undefined ? initial && this.#substituted(rangeOf(initial)) : textOf(given);
      if (written === undefined) continue;
      const isName = given === undefined || given.$type === 'Name';
      if (type.$type === 'ShapeType' && (!isName || assigned.has(name))) {
        const own = freeName(name, this.#taken());
        this.#lead.push(`${own} = ${written}`);
        this.#becomes.set(name, own);
        continue;
      }
      this.#becomes.set(name, type.$type === 'ShapeType' ? written : grouped(written));
      this.#statics.set(name, written);
    }
  }

  /** Names that the block makes and the caller has already get others. */
  #keepApart(): void {
    const taken = this.#taken();
    for (const { name, access, kind } of this.#names) {
      const isMade = access !== 'read' && kind !== 'label' && kind !== 'block';
      if (!isMade || this.#becomes.has(name)) continue;
      const own = freeName(name, taken);
      taken.add(own);
      this.#becomes.set(name, own);
    }
  }

  #taken(): Set<string> {
    const own = this.#selected.names.map(({ name }) => name);
    return new Set([...own, ...this.#becomes.values(), ...this.#selected.file.program.dims.keys()]);
  }

  #body(
    statements: readonly Statement[],
    indent: string,
  ): { readonly kind: 'line' | 'result'; readonly text: string }[] | undefined {
    const lines: { kind: 'line' | 'result'; text: string }[] = [];
    for (const statement of statements) {
      if (statement.$type === 'Return') {
        lines.push({ kind: 'result', text: this.#substituted(rangeOf(statement.value)) });
        return lines;
      }
      if (statement.$type === 'If') {
        const truth = this.#truth(statement.condition);
        if (truth === undefined) return undefined;
        const chosen = this.#body(truth ? statement.consequent : statement.otherwise, indent);
        if (chosen === undefined) return undefined;
        lines.push(...chosen);
        if (chosen.at(-1)?.kind === 'result') return lines;
        continue;
      }
      lines.push({ kind: 'line', text: dedented(this.#substituted(rangeOf(statement)), indent) });
    }
    return lines;
  }

  /** What a static condition is, given the call. */
  #truth(condition: Expression): boolean | undefined {
    switch (condition.$type) {
      case 'BooleanLiteral':
        return condition.value;
      case 'Name': {
        const written = this.#statics.get(condition.name);
        return written === 'true' ? true : written === 'false' ? false : undefined;
      }
      case 'Unary': {
        const inner = this.#truth(condition.operand);
        return condition.operator === 'not' && inner !== undefined ? !inner : undefined;
      }
      case 'Binary': {
        if (condition.operator === 'and' || condition.operator === 'or') {
          const [left, right] = [this.#truth(condition.left), this.#truth(condition.right)];
          if (left === undefined || right === undefined) return undefined;
          return condition.operator === 'and' ? left && right : left || right;
        }
        return this.#isNone(condition.left, condition.right, condition.operator);
      }
      default:
        return undefined;
    }
  }

  /** `window != none`, and comparisons of dims that are written alike. */
  #isNone(left: Expression, right: Expression, operator: string): boolean | undefined {
    if (operator !== '==' && operator !== '!=') return undefined;
    const [a, b] = [left, right].map((side) => this.#substituted(rangeOf(side)));
    const isDecided = right.$type === 'NoneLiteral' || right.$type === 'StringLiteral' || a === b;
    return isDecided ? (a === b) === (operator === '==') : undefined;
  }

  /** A part of the block's text with the caller's names. */
  #substituted(range: TextRange): string {
    const { text } = this.#inlined;
    const becomes: Substitution = this.#becomes;
    let written = '';
    let at = range.start;
    const inside = this.#names.filter((name) => isWithin(name, range));
    for (const { start, end, name, kind } of inside.sort((a, b) => a.start - b.start)) {
      if (kind === 'key' || kind === 'label' || kind === 'callee') continue;
      const to = becomes.get(name);
      if (to === undefined || start < at) continue;
      written += text.slice(at, start) + to;
      at = end;
    }
    return written + text.slice(at, range.end);
  }
}

/** An expression that stands where a name stood. */
function grouped(text: string): string {
  const isOne =
    /^[\p{L}\p{N}_.'"]+$/u.test(text) || /^(?:[\p{L}_][\p{L}\p{N}_]*)?\([^()]*\)$/u.test(text);
  return isOne ? text : `(${text})`;
}

/** The library's own indentation is two blanks. */
function dedented(text: string, indent: string): string {
  return text.replaceAll(`\n${indent}  `, '\n');
}
