/** After a run, a hover shows what the name was worth: statistics, first values and a picture. */
import * as vscode from 'vscode';
import { axesText, type Ground, numberText, type TensorPeek } from '../views/index.ts';
import { addressOf, documentSelector } from './documents.ts';
import type { Feature } from './feature.ts';
import { offsetInRun } from './runs.ts';
import { setting } from './settings.ts';

export const valueHover: Feature = ({ engine, runs, output }) => [
  vscode.languages.registerHoverProvider(documentSelector, {
    provideHover: async (document, position) => {
      if (!setting('hover.values') || !engine.isRunning) return undefined;
      const uri = addressOf(document.uri);
      const run = runs.lastFor(uri);
      const offset = run && offsetInRun(run, document, document.offsetAt(position));
      if (run === undefined || offset === undefined) return undefined;
      const peek = await engine
        .ask('peek', { uri, offset, ground: ground() })
        .catch((error: unknown) => {
          output.warn(`Hover: ${String(error)}`);
          return null;
        });
      if (peek === null) return undefined;
      return new vscode.Hover(describe(peek, run.stale ? 'stale' : 'fresh'));
    },
  }),
];

/** The picture's colours follow the theme's background. */
function ground(): Ground {
  switch (vscode.window.activeColorTheme.kind) {
    case vscode.ColorThemeKind.Light:
    case vscode.ColorThemeKind.HighContrastLight:
      return 'light';
    case vscode.ColorThemeKind.Dark:
    case vscode.ColorThemeKind.HighContrast:
      return 'dark';
  }
}

function describe(peek: TensorPeek, age: 'fresh' | 'stale'): vscode.MarkdownString {
  const copies = peek.copies > 1 ? ` · ${vscode.l10n.t('last of {0} copies', peek.copies)}` : '';
  const stale =
    age === 'stale'
      ? `\n\n$(warning) *${vscode.l10n.t('The text has changed since this run.')}*`
      : '';
  const text = new vscode.MarkdownString('', true);
  text.appendMarkdown(
    `**${vscode.l10n.t('Last run')}** · \`${peek.path}\` · \`${axesText(peek.axes)}\`${copies}${stale}\n\n`,
  );
  text.appendMarkdown(statisticsTable(peek));
  text.appendCodeblock(peek.firstValues, 'text');
  const picture = Buffer.from(peek.picture).toString('base64');
  text.appendMarkdown(`\n![${peek.path}](data:image/png;base64,${picture})\n`);
  return text;
}

function statisticsTable({ statistics }: TensorPeek): string {
  const { mean, std, min, max, norm, nan, infinite, zeros } = statistics;
  const columns: [string, string][] = [
    [vscode.l10n.t('mean'), numberText(mean)],
    [vscode.l10n.t('std'), numberText(std)],
    [vscode.l10n.t('min'), numberText(min)],
    [vscode.l10n.t('max'), numberText(max)],
    [vscode.l10n.t('norm'), numberText(norm)],
  ];
  // What every tensor should lack is said only where it occurs.
  if (nan > 0) columns.push(['NaN', String(nan)]);
  if (infinite > 0) columns.push([vscode.l10n.t('infinite'), String(infinite)]);
  if (zeros > 0) columns.push([vscode.l10n.t('zeros'), String(zeros)]);
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return [
    row(columns.map(([name]) => name)),
    row(columns.map(() => '---:')),
    row(columns.map(([, value]) => value)),
    '\n',
  ].join('');
}
