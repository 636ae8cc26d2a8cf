/** Names on both sides of a weight mapping: which tensors a parameter takes, what is missing and what is left over. */
import { t } from '@vscode/l10n';
import { type ParameterNode, pathPattern } from '../graph/index.ts';
import { anyOf, type CheckedWeights, nearestName, type WeightMapping } from '../shapes/index.ts';
import type { SourceRange } from '../trace/index.ts';

/** Where a parameter comes from. */
export interface Origin {
  /** The tensor's name with the indices put in; a `*` that is left over stands for the tensors to be stacked. */
  readonly written: string;
  readonly stacks: boolean;
  readonly steps: WeightMapping['steps'];
  readonly place: SourceRange;
}

/** By parameter path; without a mapping the names in the file are the paths. */
export function originsOf(
  parameters: readonly ParameterNode[],
  weights: CheckedWeights | undefined,
  place: SourceRange,
): ReadonlyMap<string, Origin> {
  const lines = patternsOf(weights);
  const origins = new Map<string, Origin>();
  for (const { path } of parameters) {
    if (weights === undefined) {
      origins.set(path, { written: path, stacks: false, steps: [], place });
      continue;
    }
    for (const { mapping, pattern } of lines) {
      const match = pattern.exec(path);
      if (match === null) continue;
      const written = filled(mapping.tensor, match.slice(1));
      const { steps, tensorSource } = mapping;
      origins.set(path, { written, stacks: written.includes('*'), steps, place: tensorSource });
      break;
    }
  }
  return origins;
}

/** In the order of their numbers where there are several. */
export function tensorsOf(
  { written, stacks }: Origin,
  available: Iterable<string>,
): readonly string[] {
  if (!stacks) return [written];
  const matcher = pathPattern(written);
  return [...available]
    .filter((candidate) => matcher.test(candidate))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** Lines of a mapping that no parameter takes anything from. */
export function idleMappings(
  parameters: readonly ParameterNode[],
  weights: CheckedWeights | undefined,
): readonly { readonly place: SourceRange; readonly message: string }[] {
  const paths = parameters.map(({ path }) => path);
  return patternsOf(weights)
    .filter(({ pattern }) => !paths.some((path) => pattern.test(path)))
    .map(({ mapping }) => {
      const known = new Set(paths.map((path) => path.replace(/(?<=\.)\d+(?=\.)/g, '*')));
      const near = nearestName(mapping.path, known);
      const hint = near === undefined ? '' : ` ${t`Did you mean ${near}?`}`;
      return {
        place: mapping.pathSource,
        message: `${t`The model has no parameter ${mapping.path}.`}${hint}`,
      };
    });
}

/** Sentences about tensors that nothing reads, leaving out what checkpoints hold beside their weights. */
export function unreadTensors(
  available: ReadonlyMap<string, { readonly shape: readonly number[] }>,
  parameters: readonly ParameterNode[],
  weights: CheckedWeights | undefined,
): readonly string[] {
  const taken =
    weights === undefined
      ? new Set(
          parameters.map(({ path }) => pathPattern(path.replace(/(^|\.)\d+(?=\.)/g, '$1*')).source),
        )
      : new Set(weights.mappings.map(({ tensor }) => pathPattern(tensor).source));
  const patterns = [...taken].map((source) => new RegExp(source));
  return [...available]
    .filter(
      ([name, { shape }]) => !isBuffer(name, shape) && !patterns.some((each) => each.test(name)),
    )
    .map(([name, { shape }]) => t`No parameter takes ${name}, [${shape.join(', ')}].`);
}

/** ` Did you mean h.0.ln_1.weight?`: nearly the same letters, or else the same last parts. */
export function nearTensors(name: string, available: Iterable<string>): string {
  const names = [...available];
  const near = nearestName(name, names);
  if (near !== undefined) return ` ${t`Did you mean ${near}?`}`;
  for (let tail = name.split('.').slice(1); tail.length > 1; tail = tail.slice(1)) {
    const same = names.filter((candidate) => `.${candidate}`.endsWith(`.${tail.join('.')}`));
    if (same.length > 0) return ` ${t`Did you mean ${anyOf(same.slice(0, 3))}?`}`;
  }
  const longer = names.filter((candidate) => candidate.endsWith(`.${name}`));
  return longer.length === 0 ? '' : ` ${t`Did you mean ${anyOf(longer.slice(0, 3))}?`}`;
}

/** Masks, frequencies and positions that frameworks save although they can be computed. */
function isBuffer(name: string, shape: readonly number[]): boolean {
  const mask = shape.length === 4 && shape[0] === 1 && shape[1] === 1 && shape[2] === shape[3];
  return mask || /(^|\.)(masked_bias|inv_freq|position_ids|num_batches_tracked)$/.test(name);
}

function patternsOf(weights: CheckedWeights | undefined) {
  return (weights?.mappings ?? []).map((mapping) => ({
    mapping,
    pattern: pathPattern(mapping.path),
  }));
}

/** `h.*.weight` with the indices put in, by position. */
function filled(pattern: string, indices: readonly string[]): string {
  return indices.reduce((text, index) => text.replace('*', index), pattern);
}
