/** Signature help: what an open call takes, and which argument the cursor is at. */
import { t } from '@vscode/l10n';
import type { SignatureHelp } from 'vscode-languageserver/node.js';
import { opNamed, sourceNamed } from '../ops/index.ts';
import { callableNamed, inOneLine, parametersIn } from './completion-calls.ts';
import { cursorAt } from './completion-place.ts';
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
  return doc === undefined ? {} : { documentation: { kind: 'markdown' as const, value: t(doc) } };
}
