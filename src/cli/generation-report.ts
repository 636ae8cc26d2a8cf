/** What `tblock run` says of generated tokens: a line per token, and JSON. */
import type { GenerationResult, Trace } from '../trace/index.ts';

/** How many of the most probable tokens a line names. */
const shown = 3;

/** The whole sequence, then each new token with its probability and what else was probable. */
export function generationText(
  { prompt, steps, reason }: GenerationResult,
  textOf: (token: number) => string,
): string {
  const all = [...prompt, ...steps.map(({ token }) => token)];
  const lines = steps.map(({ token, probability, candidates }, i) => {
    const others = candidates
      .slice(0, shown)
      .map((each) => `${textOf(each.token)} ${percent(each.probability)}`)
      .join(', ');
    const place = String(prompt.length + i).padStart(String(all.length).length);
    return `  ${place}  ${textOf(token)}  ${percent(probability)}  of ${others}`;
  });
  return `generated ${steps.length} after ${prompt.length}: ${all.map(textOf).join(' ')}\n${lines.join('\n')}\n${reason}\n`;
}

export function generationData({ prompt, steps, reason }: GenerationResult, { tokens }: Trace) {
  return { prompt, steps, reason, ...(tokens === undefined ? {} : { text: tokens }) };
}

function percent(probability: number): string {
  return `${(100 * probability).toFixed(1)} %`;
}
