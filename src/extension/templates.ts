/** What a new file begins with. The texts are in `media/templates`, the examples in `examples`. */
import * as vscode from 'vscode';

export interface Template {
  /** Of the file, without its ending. */
  readonly name: string;
  readonly title: string;
  readonly detail: string;
}

export const templates: readonly Template[] = [
  {
    name: 'pre-norm',
    title: vscode.l10n.t('Pre-norm block'),
    detail: vscode.l10n.t('The norm before each sublayer, as in GPT-2'),
  },
  {
    name: 'post-norm',
    title: vscode.l10n.t('Post-norm block'),
    detail: vscode.l10n.t('The norm after each addition, as in the original transformer'),
  },
  {
    name: 'decoder',
    title: vscode.l10n.t('Decoder-only language model'),
    detail: vscode.l10n.t('Token ids in, logits of the next token out; it generates, too'),
  },
  {
    name: 'llama',
    title: vscode.l10n.t('Llama-like block'),
    detail: vscode.l10n.t(
      'RMS norm, rotary positions, grouped queries, a gated feed-forward network',
    ),
  },
  {
    name: 'encoder',
    title: vscode.l10n.t('Encoder'),
    detail: vscode.l10n.t('Every token sees all others, as in BERT'),
  },
  {
    name: 'experts',
    title: vscode.l10n.t('Mixture of experts'),
    detail: vscode.l10n.t('A router sends each token to a few of the feed-forward networks'),
  },
  {
    name: 'experiment',
    title: vscode.l10n.t('Experiment with patches'),
    detail: vscode.l10n.t('What a decoder does without each of its heads, as a family of runs'),
  },
];

export const examples: readonly Template[] = [
  {
    name: 'decoder',
    title: vscode.l10n.t('A decoder'),
    detail: vscode.l10n.t('Two layers with learned positions and logits for every token'),
  },
  {
    name: 'shape-errors',
    title: vscode.l10n.t('Shape errors'),
    detail: vscode.l10n.t('Mistakes that the checker finds, each with its way out'),
  },
  {
    name: 'post-norm',
    title: vscode.l10n.t('Post-norm block'),
    detail: vscode.l10n.t('Equation by equation, as a textbook has it'),
  },
  {
    name: 'llama-block',
    title: vscode.l10n.t('Llama-like block'),
    detail: vscode.l10n.t(
      'RMS norm, rotary positions, grouped queries, a gated feed-forward network',
    ),
  },
  {
    name: 'ablation',
    title: vscode.l10n.t('Ablation'),
    detail: vscode.l10n.t('Heads taken out one by one, values put in from another run'),
  },
];

/** Asks for one; undefined where the user thinks better of it. */
export async function pickTemplate(
  known: readonly Template[],
  title: string,
): Promise<Template | undefined> {
  const items = known.map((template) => ({
    label: template.title,
    detail: template.detail,
    template,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title,
    placeHolder: vscode.l10n.t('What to begin with'),
    matchOnDetail: true,
    // The walkthrough takes the focus when a step of it is done.
    ignoreFocusOut: true,
  });
  return chosen?.template;
}
