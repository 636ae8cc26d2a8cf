/** Where a model takes tokens and gives their logits, so that it can go on by itself. */
import { t } from '@vscode/l10n';
import type { Graph, InputNode, Node } from './graph.ts';

export interface GenerationPlan {
  /** int[T]. */
  readonly tokens: InputNode;
  /** [T, V], or [V] for the last token alone. */
  readonly logits: Node;
}

/** A sentence where the model is not of that form. */
export function generationPlan({
  nodes,
  inputs,
  outputs,
  values,
  aliases,
}: Graph): GenerationPlan | string {
  const integers = inputs.filter(({ dtype, shape }) => dtype === 'int' && shape.length === 1);
  const [tokens, ...others] = integers;
  if (tokens === undefined || others.length > 0) {
    return t`generate adds to the one input of token ids, tokens: int[T], and this model has ${integers.length} of that form.`;
  }
  const candidates = outputs.flatMap((path) => {
    const node = nodes[values.get(aliases.get(path) ?? path) ?? -1];
    const isLogits =
      node?.dtype === 'f32' &&
      (node.shape.length === 1 || (node.shape.length === 2 && node.shape[0] === tokens.shape[0]));
    return isLogits ? [{ path, node }] : [];
  });
  const logits = candidates.find(({ path }) => path === 'logits') ?? candidates.at(-1);
  if (logits === undefined) {
    return t`generate chooses tokens by the logits that the model outputs, [T, V] or [V], and this model has no output of that shape.`;
  }
  return { tokens, logits: logits.node };
}
