/** Every name in a file's text and what it stands for, read from the tree alone, so that a broken file has its names. */
import {
  type Argument,
  type Block,
  type Call,
  type Declaration,
  type Expression,
  type Model,
  type Path,
  type Program,
  pathPartsOf,
  type Run,
  rangeOf,
  type ShapeType,
  type SliceItem,
  type Statement,
  type TextRange,
  type Weights,
} from '../syntax/index.ts';

export type NameKind =
  | 'dim'
  | 'local dim'
  | 'argument'
  | 'parameter'
  | 'input'
  | 'value'
  | 'label'
  | 'callee'
  | 'function'
  | 'key'
  | 'block'
  | 'model'
  | 'run'
  | 'subject'
  | 'weights'
  | 'import'
  | 'alias'
  | 'setting'
  | 'path';

/** One name in the text. */
export interface Occurrence extends TextRange {
  readonly name: string;
  readonly kind: NameKind;
  readonly access: 'declare' | 'write' | 'residual write' | 'read';
  /** The declaration around it. */
  readonly owner: Declaration;
  /** Of the key of an argument: what is called. */
  readonly callee?: string;
  /** Of a part of a path: the parts from the first to this one. */
  readonly parts?: readonly string[];
}

/** In the order of the text, as far as the tree has them. */
export function occurrencesIn(program: Program): readonly Occurrence[] {
  return program.declarations.flatMap((declaration) => {
    const collector = new Collector(declaration);
    collector.declaration(declaration);
    return collector.found;
  });
}

type Node = Parameters<typeof rangeOf>[0];

class Collector {
  readonly found: Occurrence[] = [];
  readonly #owner: Declaration;
  /** Names of the declaration that stand for values. */
  readonly #values = new Set<string>();
  /** Its dim parameters and generics. */
  readonly #dims = new Set<string>();
  readonly #functions = new Set<string>();

  constructor(owner: Declaration) {
    this.#owner = owner;
  }

  declaration(node: Declaration): void {
    switch (node.$type) {
      case 'DimsBlock':
        for (const entry of node.entries) {
          this.#add(entry, 'name', entry.name, 'dim', 'declare');
          this.#expression(entry.value);
        }
        for (const condition of node.conditions) this.#expression(condition);
        return;
      case 'Block':
        this.#add(node, 'name', node.name, 'block', 'declare');
        this.#header(node);
        this.#body(node.statements);
        return;
      case 'Model':
        this.#add(node, 'name', node.name, 'model', 'declare');
        this.#collect(node);
        this.#body(node.statements);
        return;
      case 'Run':
        this.#run(node);
        return;
      case 'Weights':
        this.#weights(node);
        return;
      case 'Import':
        for (const item of node.items) {
          this.#add(item, 'name', item.name, 'import', 'read');
          if (item.alias !== undefined) this.#add(item, 'alias', item.alias, 'alias', 'declare');
        }
        return;
    }
  }

  #add(
    node: Node,
    property: string | undefined,
    name: string,
    kind: NameKind,
    access: Occurrence['access'],
    more: Pick<Occurrence, 'callee' | 'parts'> = {},
  ): void {
    if (name === '') return;
    const { start, end } = rangeOf(node, property);
    this.found.push({ start, end, name, kind, access, owner: this.#owner, ...more });
  }

  // -------------------------------------------------------------- blocks and models

  #header(node: Block): void {
    for (const { name, type } of node.parameters) {
      const isDim = type.$type === 'KindType' && type.kind === 'dim';
      (isDim ? this.#dims : this.#values).add(name);
      if (type.$type === 'KindType' && type.kind === 'fn') this.#functions.add(name);
    }
    this.#collect(node);
    for (const parameter of node.parameters) {
      const isDim = this.#dims.has(parameter.name);
      this.#add(parameter, 'name', parameter.name, isDim ? 'local dim' : 'argument', 'declare');
      if (parameter.type.$type === 'ShapeType') this.#shape(parameter.type);
      this.#expression(parameter.initial);
    }
    if (node.result !== undefined) this.#shape(node.result);
  }

  #collect(node: Block | Model): void {
    const visit = (statements: readonly Statement[]): void => {
      for (const statement of statements) {
        for (const name of namesMadeBy(statement)) this.#values.add(name);
        for (const inner of bodiesOf(statement)) visit(inner);
      }
    };
    visit(node.statements);
  }

  #body(statements: readonly Statement[]): void {
    for (const statement of statements) this.#statement(statement);
  }

  #statement(node: Statement): void {
    switch (node.$type) {
      case 'Param':
      case 'Input':
        this.#add(
          node,
          'name',
          node.name,
          node.$type === 'Param' ? 'parameter' : 'input',
          'declare',
        );
        this.#shape(node.type);
        this.#expression(node.initial);
        return;
      case 'Output':
        this.#add(node, 'name', node.name, 'value', node.value ? 'write' : 'read');
        if (node.type !== undefined) this.#shape(node.type);
        this.#expression(node.value);
        return;
      case 'Assign':
        for (const target of node.targets) this.#add(target, 'name', target.name, 'value', 'write');
        if (node.type !== undefined) this.#shape(node.type);
        this.#expression(node.value);
        return;
      case 'ResidualWrite':
        this.#add(node.target, 'name', node.target.name, 'value', 'residual write');
        this.#expression(node.value);
        return;
      case 'Repeat':
        this.#expression(node.count);
        if (node.label !== undefined) this.#add(node, 'label', node.label, 'label', 'declare');
        this.#body(node.statements);
        return;
      case 'If':
        this.#expression(node.condition);
        this.#body(node.consequent);
        this.#body(node.otherwise);
        return;
      case 'Return':
        this.#expression(node.value);
        return;
    }
  }

  #shape(node: ShapeType): void {
    for (const axis of node.axes) if (axis.$type !== 'Ellipsis') this.#length(axis);
  }

  /** In a shape a name is a dim: of the declaration (where it is not the file's, of the call), or the file's. */
  #length(node: Expression): void {
    if (node.$type === 'Name') {
      const isLocal = this.#dims.has(node.name);
      this.#add(node, undefined, node.name, isLocal ? 'local dim' : 'dim', 'read');
      return;
    }
    if (node.$type === 'Binary') {
      this.#length(node.left);
      this.#length(node.right);
    } else if (node.$type === 'Unary') this.#length(node.operand);
  }

  // -------------------------------------------------------------- expressions

  #expression(node: Expression | undefined): void {
    switch (node?.$type) {
      case 'Name':
        this.#name(node);
        return;
      case 'Binary':
        this.#expression(node.left);
        this.#expression(node.right);
        return;
      case 'Unary':
        this.#expression(node.operand);
        return;
      case 'Call':
        this.#call(node);
        return;
      case 'Member':
        if (this.#inRun && pathPartsOf(node) !== undefined) this.#path(node);
        else this.#expression(node.receiver);
        return;
      case 'Index':
        this.#expression(node.receiver);
        this.#items(node.items);
        return;
      case 'ListLiteral':
        for (const element of node.elements) this.#expression(element);
        return;
      default:
        return;
    }
  }

  get #inRun(): boolean {
    return this.#owner.$type === 'Run' || this.#owner.$type === 'Weights';
  }

  #name(node: Extract<Expression, { $type: 'Name' }>): void {
    if (this.#inRun) {
      this.#path(node);
      return;
    }
    const isValue = this.#values.has(node.name);
    const kind = isValue ? 'value' : this.#dims.has(node.name) ? 'local dim' : 'dim';
    this.#add(node, undefined, node.name, kind, 'read');
  }

  #call(node: Call): void {
    const isFunction = this.#functions.has(node.callee);
    this.#add(node, 'callee', node.callee, isFunction ? 'value' : 'callee', 'read');
    for (const argument of node.arguments) this.#argument(node, argument);
    if (node.label !== undefined) this.#add(node, 'label', node.label, 'label', 'declare');
  }

  #argument({ callee }: Call, argument: Argument): void {
    const { name, value } = argument;
    if (name !== undefined) this.#add(argument, 'name', name, 'key', 'read', { callee });
    // `activation: relu` and `hidden: d_ff` are told apart by who knows the file's dims.
    if (value.$type === 'Name' && name !== undefined && this.#isUnknown(value.name)) {
      this.#add(value, undefined, value.name, 'function', 'read', { callee });
    } else this.#expression(value);
  }

  #isUnknown(name: string): boolean {
    return !this.#inRun && !this.#values.has(name) && !this.#dims.has(name);
  }

  #items(items: readonly SliceItem[]): void {
    for (const item of items) {
      if (item.$type === 'Ellipsis') continue;
      if (item.$type === 'SliceRange') {
        this.#expression(item.start);
        this.#expression(item.stop);
      } else this.#expression(item);
    }
  }

  // -------------------------------------------------------------- runs and mappings

  #run(node: Run): void {
    this.#add(node, 'name', node.name, 'run', 'declare');
    this.#add(node, 'subject', node.subject, 'subject', 'read');
    for (const statement of node.statements) {
      switch (statement.$type) {
        case 'DimsBlock':
          for (const entry of statement.entries) {
            this.#add(entry, 'name', entry.name, 'dim', 'write');
            this.#expression(entry.value);
          }
          break;
        case 'Setting':
          this.#add(statement, 'name', statement.name, 'setting', 'write');
          this.#setting(statement.name, statement.value);
          break;
        case 'Patch':
          this.#path(statement.target);
          this.#items(statement.items);
          this.#expression(statement.value);
          break;
        case 'Expect':
          this.#expression(statement.subject);
          if (statement.type !== undefined) this.#shape(statement.type);
          this.#expression(statement.value);
          break;
        case 'Metric':
          this.#expression(statement.value);
          break;
      }
    }
  }

  #setting(name: string, value: Expression): void {
    if (name === 'weights' && value.$type === 'Name') {
      this.#add(value, undefined, value.name, 'weights', 'read');
    } else if (name !== 'backend') this.#expression(value);
  }

  #weights(node: Weights): void {
    this.#add(node, 'name', node.name, 'weights', 'declare');
    for (const mapping of node.mappings) {
      this.#path(mapping.target);
      this.#expression(mapping.source);
    }
  }

  #path(node: Path | Expression): void {
    const parts: string[] = [];
    for (const part of pathPartsOf(node) ?? []) {
      parts.push(
        part.$type === 'IndexSegment' ? `${part.index}` : 'name' in part ? part.name : '*',
      );
      if (part.$type !== 'Name' && part.$type !== 'NameSegment') continue;
      this.#add(part, 'name', part.name, 'path', 'read', { parts: [...parts] });
    }
  }
}

function namesMadeBy(statement: Statement): readonly string[] {
  switch (statement.$type) {
    case 'Param':
    case 'Input':
    case 'Output':
      return [statement.name];
    case 'Assign':
      return statement.targets.map(({ name }) => name);
    case 'ResidualWrite':
      return [statement.target.name];
    case 'Repeat':
    case 'If':
    case 'Return':
      return [];
  }
}

function bodiesOf(statement: Statement): readonly (readonly Statement[])[] {
  if (statement.$type === 'Repeat') return [statement.statements];
  return statement.$type === 'If' ? [statement.consequent, statement.otherwise] : [];
}
