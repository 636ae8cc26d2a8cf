/** What completion offers, before it is put in the words of LSP. */
import { t } from '@vscode/l10n';
import {
  type CompletionItem,
  CompletionItemKind,
  InsertTextFormat,
  MarkupKind,
} from 'vscode-languageserver/node.js';
import { rangeIn } from './feature.ts';
import type { OpenProgram } from './program-store.ts';

export interface Suggestion {
  readonly label: string;
  readonly kind: keyof typeof CompletionItemKind;
  readonly detail?: string | undefined;
  /** Of what can be called: `(x, heads, …)`, behind the label. The detail, which is long, then shows when it is chosen. */
  readonly call?: { readonly takes: string; readonly gives: string | undefined } | undefined;
  readonly doc?: string | undefined;
  /** With `${1:…}` for what is to be filled in; the label where absent. */
  readonly snippet?: string | undefined;
  /** The smaller the nearer to the top; equal ones stay in their order. */
  readonly rank: number;
  /** Whether the next thing to type is to be offered at once. */
  readonly more?: boolean;
}

/** In LSP's words: best first, whatever the editor's own order. */
export function completionItems(
  program: OpenProgram,
  suggestions: readonly Suggestion[],
  place: { readonly start: number; readonly end: number },
): CompletionItem[] {
  const seen = new Set<string>();
  const ordered = suggestions
    .filter(({ label }) => !seen.has(label) && seen.add(label))
    .toSorted((a, b) => a.rank - b.rank);
  const range = rangeIn(program, place);
  return ordered.map(({ label, kind, detail, call, doc, snippet, more }, i) => ({
    label,
    ...beside(detail, call),
    kind: CompletionItemKind[kind],
    sortText: `${i}`.padStart(4, '0'),
    ...(i === 0 && { preselect: true }),
    ...(detail !== undefined && { detail }),
    ...(doc !== undefined && { documentation: { kind: MarkupKind.Markdown, value: t(doc) } }),
    insertTextFormat: snippet === undefined ? InsertTextFormat.PlainText : InsertTextFormat.Snippet,
    textEdit: { range, newText: snippet ?? label },
    ...(more === true && {
      command: { title: 'Suggest', command: 'editor.action.triggerSuggest' },
    }),
  }));
}

/** Shown on every row, where the detail alone shows on the chosen one. */
function beside(
  detail: string | undefined,
  call: Suggestion['call'],
): Pick<CompletionItem, 'labelDetails'> {
  const description = call === undefined ? detail : call.gives;
  return {
    labelDetails: {
      ...(call !== undefined && { detail: call.takes }),
      ...(description !== undefined && { description }),
    },
  };
}

/** Text that a snippet holds as it is. */
export function literal(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}
