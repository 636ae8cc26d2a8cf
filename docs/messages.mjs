/**
 * Finds every text that is translated: templates tagged with `t` of @vscode/l10n, `vscode.l10n.t('…')` of the
 * extension, and the documentation of operators and of the standard library.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'acorn';
import { transformSync } from 'esbuild';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** @returns {readonly { text: string, place: string }[]} in the order of the files */
export function messagesIn(folder) {
  return filesOf(join(root, folder)).flatMap((file) =>
    callsIn(programOf(file)).map((text) => ({ text, place: relative(root, file) })),
  );
}

/** Sentences that are shown as they are written: begun with a capital or what they are about, ended with a stop, and of several words. */
export function bareSentencesIn(folder) {
  return filesOf(join(root, folder)).flatMap((file) =>
    sentencesIn(programOf(file)).map((text) => ({ text, place: relative(root, file) })),
  );
}

function filesOf(folder) {
  return (
    readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter(({ name }) => /\.tsx?$/.test(name) && !name.endsWith('.d.ts'))
      .map(({ parentPath, name }) => join(parentPath, name))
      // AssemblyScript and the generated parser have no texts for people.
      .filter((file) => !/\/(assembly|generated)\//.test(file))
      .sort()
  );
}

function programOf(file) {
  const { code } = transformSync(readFileSync(file, 'utf8'), { loader: 'ts', target: 'esnext' });
  return parse(code, { ecmaVersion: 'latest', sourceType: 'module' });
}

/** Every node of a syntax tree, with those around it, the innermost last. */
function* walk(node, around = []) {
  yield { node, around };
  for (const child of Object.values(node).flat()) {
    if (typeof child?.type === 'string') yield* walk(child, [...around, node]);
  }
}

function callsIn(program) {
  return [...walk(program)].flatMap(({ node }) => {
    if (node.type === 'TaggedTemplateExpression' && node.tag.name === 't')
      return [keyOf(node.quasi)];
    const [first] = node.arguments ?? [];
    return isEditorsCall(node) && typeof first?.value === 'string' ? [first.value] : [];
  });
}

/** `vscode.l10n.t(…)`. */
function isEditorsCall({ type, callee }) {
  return (
    type === 'CallExpression' &&
    callee.property?.name === 't' &&
    callee.object?.property?.name === 'l10n'
  );
}

/** `{0} is never used.` of a template. */
function keyOf({ quasis }) {
  return quasis
    .map(({ value }, i) => (i === 0 ? value.cooked : `{${i - 1}}${value.cooked}`))
    .join('');
}

function sentencesIn(program) {
  return [...walk(program)].flatMap(({ node, around }) => {
    const text = textOf(node);
    return text !== undefined &&
      /^(\p{Lu}|\{0\} [a-z]).* .*[.?:]$/u.test(text) &&
      !around.some(isExcused)
      ? [text]
      : [];
  });
}

function textOf(node) {
  if (node.type === 'TemplateLiteral') return keyOf(node);
  return node.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined;
}

/** Translated already; a bug's message, which stays English; a field of a record that pages are made from. */
function isExcused(node) {
  switch (node.type) {
    case 'TaggedTemplateExpression':
      return node.tag.name === 't';
    case 'CallExpression':
      return isEditorsCall(node) || node.callee.name === 'entry' || isLog(node.callee);
    case 'NewExpression':
      return /^(Error|RangeError|SyntaxError|TypeError)$/.test(node.callee.name);
    case 'Property':
      return ['doc', 'vjp', 'about', 'source'].includes(node.key.name);
    default:
      return false;
  }
}

/** `output.info(…)`: the log is for reports of bugs, in English. */
function isLog({ object, property }) {
  return (
    ['info', 'warn', 'error', 'debug'].includes(property?.name) &&
    (object.property?.name ?? object.name ?? '').includes('output')
  );
}
