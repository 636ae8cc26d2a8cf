/** Signature help: what an open call takes, and which argument the cursor is at. */
import type { SignatureHelp } from 'vscode-languageserver/node.js';
import { opNamed, sourceNamed } from '../ops/index.ts';
import { cursorAt } from './completion.ts';
import { callableNamed, inOneLine } from './completion-calls.ts';
import type { Feature } from './feature.ts';
import { parameterAt } from './fitting.ts';
import type { OpenProgram } from './program-store.ts';

export const signatureHelp: Feature = {
  name: 'signature help',
  capabilities: {
    signatureHelpProvider: { triggerCharacters: ['(', ','], retriggerCharacters: [':'] },
  },
  attach: ({ connection, programs, guarded }) =>
    connection.onSignatureHelp(
      guarded('signature help', null, ({ textDocument, position }): SignatureHelp | null => {
        const program = programs.program(textDocument.uri);
        return program === undefined ? null : helpAt(program, program.lines.offsetAt(position));
      }),
    ),
};

function helpAt(program: OpenProgram, offset: number): SignatureHelp | null {
  const { cursor } = cursorAt(program, offset);
  const { call } = cursor;
  if (call === undefined || cursor.inComment) return null;
  const { program: checked } = program.analysis;
  const callable = callableNamed(checked, call.callee);
  if (callable === undefined) return null;
  const block = checked.blocks.get(checked.named.get(call.callee) ?? '');
  const record = opNamed(call.callee) ?? sourceNamed(call.callee);
  const label = inOneLine(
    block?.signature.replace(/^block /, '') ?? record?.signature ?? call.callee,
  );
  const parts = parametersIn(label);
  const active = parameterAt(callable, call);
  const index = parts.findIndex(({ name }) => name === active?.name);
  return {
    signatures: [
      {
        label,
        ...documentation(block?.doc ?? record?.doc),
        parameters: parts.map(({ start, end }) => ({ label: [start, end] })),
      },
    ],
    activeSignature: 0,
    activeParameter: index < 0 ? parts.length : index,
  };
}

function documentation(doc: string | undefined) {
  return doc === undefined ? {} : { documentation: { kind: 'markdown' as const, value: doc } };
}

/** Where each parameter stands in a signature. */
function parametersIn(
  label: string,
): readonly { readonly name: string; readonly start: number; readonly end: number }[] {
  const parts: { name: string; start: number; end: number }[] = [];
  let depth = 0;
  let start = label.indexOf('(') + 1;
  for (let at = start - 1; at < label.length; at += 1) {
    const letter = label[at] ?? '';
    if (/[([]/.test(letter)) depth += 1;
    if (/[)\]]/.test(letter)) depth -= 1;
    const ends = (letter === ',' && depth === 1) || depth === 0;
    if (!ends) continue;
    const name = /^\s*(?:\.\.\.)?([\p{L}_][\p{L}\p{N}_]*)/u.exec(label.slice(start, at));
    const lead = label.slice(start, at).length - label.slice(start, at).trimStart().length;
    if (name?.[1] !== undefined) parts.push({ name: name[1], start: start + lead, end: at });
    start = at + 1;
    if (depth === 0) break;
  }
  return parts;
}
