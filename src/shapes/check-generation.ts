/** `generate = 5` and how its tokens are chosen (LANGUAGE §7). */
import { t } from '@vscode/l10n';
import type { Setting } from '../syntax/index.ts';
import type { Generation } from './checked-run.ts';
import { type FileScope, sourceOf } from './scope.ts';
import { tensorLiteral } from './tensor-literal.ts';

/** More than any model's context. */
const mostTokens = 1_000_000;

interface Rule {
  readonly fits: (value: number) => boolean;
  readonly message: string;
}

const rules = {
  generate: {
    fits: (n) => Number.isInteger(n) && n >= 1 && n <= mostTokens,
    message: t`generate is how many tokens to add: a whole number, 1 or more.`,
  },
  temperature: {
    fits: (t) => t >= 0 && Number.isFinite(t),
    message: t`temperature is 0 (always the most probable token) or more.`,
  },
  top_k: {
    fits: (k) => Number.isInteger(k) && k >= 1,
    message: t`top_k is how many of the most probable tokens may be chosen: a whole number, 1 or more.`,
  },
  top_p: {
    fits: (p) => p > 0 && p <= 1,
    message: t`top_p is how much probability the chosen-from tokens have together: above 0, at most 1.`,
  },
} satisfies Record<string, Rule>;

export type GenerationSetting = keyof typeof rules;

export function isGenerationSetting(name: string): name is GenerationSetting {
  return Object.hasOwn(rules, name);
}

/** Greedy unless the run names a temperature, top_k or top_p; undefined where it generates nothing. */
export function readGeneration(
  file: FileScope,
  settings: readonly Setting[],
): Generation | undefined {
  const values = new Map<GenerationSetting, number>();
  for (const setting of settings) {
    const { name } = setting;
    if (!isGenerationSetting(name)) continue;
    const literal = tensorLiteral(setting.value);
    const value = literal?.shape.length === 0 ? literal.data[0] : undefined;
    if (value !== undefined && rules[name].fits(value)) values.set(name, value);
    else if (setting.value.$type !== 'Missing') {
      file.diagnostics.report('setting', sourceOf(file, setting.value), rules[name].message);
    }
  }
  const [first] = settings.filter(({ name }) => isGenerationSetting(name));
  const wanted = settings.find(({ name }) => name === 'generate');
  if (wanted === undefined && first !== undefined) {
    const message = t`${first.name} says how tokens are chosen, and this run generates none: write generate = 20 too.`;
    file.diagnostics.report('setting', sourceOf(file, first, 'name'), message);
  }
  const count = values.get('generate');
  if (wanted === undefined || count === undefined) return undefined;
  const isSampled = values.has('top_k') || values.has('top_p');
  return {
    count,
    temperature: values.get('temperature') ?? (isSampled ? 1 : 0),
    topK: values.get('top_k'),
    topP: values.get('top_p'),
    source: sourceOf(file, wanted),
  };
}
