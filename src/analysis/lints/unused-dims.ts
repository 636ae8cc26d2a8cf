/** TB301: a dim that nothing in the file uses. */
import { t } from '@vscode/l10n';
import { symbolsOf } from '../../dims/index.ts';
import { type Diagnostic, diagnostic } from '../../shapes/index.ts';
import type { Analysis } from '../analysis.ts';
import type { Lint } from './lint.ts';
import { isMentionedInRuns, removal } from './text.ts';

export const unusedDims: Lint = {
  codes: ['unusedDim'],
  check: ({ analysis }) => {
    const { program, uri } = analysis;
    // A file of nothing but dims is there for those that import it.
    const own = [...program.blocks.values(), ...program.models.values()].some(
      (block) => block.uri === uri,
    );
    // A mistake may have swallowed the use.
    const broken = analysis.diagnostics.some(({ severity }) => severity === 'error');
    if (!own || broken) return [];
    const used = usedDims(analysis);
    return [...program.dims.values()]
      .filter(({ name, source }) => source.uri === uri && !used.has(name))
      .filter(({ name }) => !isMentionedInRuns(analysis, name))
      .map(({ name, source, extent }): Diagnostic => {
        const edits = [{ source: removal(analysis.text, extent), text: '' }];
        return diagnostic('unusedDim', source, t`The dim ${name} is never used.`, {
          fixes: [{ title: t`Remove ${name}`, edits }],
        });
      });
  },
};

function usedDims({ program }: Analysis): ReadonlySet<string> {
  const used = new Set<string>();
  for (const { name, kind, source, definition } of program.facts) {
    if (kind === 'dim' && source.start !== definition?.start) used.add(name);
  }
  for (const { definition } of program.dims.values()) {
    for (const symbol of definition === undefined ? [] : symbolsOf(definition)) used.add(symbol);
  }
  for (const { left, right } of program.conditions) {
    for (const symbol of [...symbolsOf(left), ...symbolsOf(right)]) used.add(symbol);
  }
  return used;
}
