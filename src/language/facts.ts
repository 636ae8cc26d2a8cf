/** The names in a program's text. */
import type { NameFact } from '../shapes/index.ts';
import type { OpenProgram } from './program-store.ts';

/** What stands at an offset, the end of a name included; the shortest where several do. */
export function factAt(program: OpenProgram, offset: number): NameFact | undefined {
  const { facts } = program.analysis.program;
  let best: NameFact | undefined;
  for (const fact of facts) {
    const { uri, start, end } = fact.source;
    if (uri !== program.analysis.uri || offset < start || offset > end) continue;
    if (best === undefined || isCloser(fact, best, offset)) best = fact;
  }
  return best;
}

function isCloser(fact: NameFact, best: NameFact, offset: number): boolean {
  // Between two names that touch, the one that begins here counts.
  const isInside = offset < fact.source.end;
  if (isInside !== offset < best.source.end) return isInside;
  return length(fact) < length(best);
}

function length({ source }: NameFact): number {
  return source.end - source.start;
}
