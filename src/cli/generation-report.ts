/** What `tblock run` says of generated tokens: a line per token, and JSON. */
import type { GenerationResult } from '../trace/index.ts';

/** How many of the most probable tokens a line names. */
const shown = 3;

/** The whole sequence, then each new token with its probability and what else was probable. */
export function generationText({ prompt, steps, texts, reason }: GenerationResult): string {
  const textOf = (token: number) =>
    texts === undefined ? String(token) : JSON.stringify(texts.get(token) ?? token);
  const all = [...prompt, ...steps.map(({ token }) => token)];
  const lines = steps.map(({ token, probability, candidates }, i) => {
    const others = candidates
      .slice(0, shown)
      .map((each) => `${textOf(each.token)} ${percent(each.probability)}`)
      .join(', ');
    const place = String(prompt.length + i).padStart(String(all.length).length);
    return `  ${place}  ${textOf(token)}  ${percent(probability)}  of ${others}`;
  });
  return `generated ${steps.length} after ${prompt.length}: ${texts === undefined ? all.join(' ') : all.map((token) => texts.get(token) ?? token).join('')}\n${lines.join('\n')}\n${reason}\n`;
}

export function generationData({ prompt, steps, texts, reason }: GenerationResult) {
  return {
    prompt,
    steps,
    reason,
    ...(texts === undefined ? {} : { texts: Object.fromEntries(texts) }),
  };
}

function percent(probability: number): string {
  return `${(100 * probability).toFixed(1)} %`;
}
