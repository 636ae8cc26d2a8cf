import type { Selection, TraceSummary } from '../src/views/index.ts';

/** The tabs, in their order. */
export const tabs = [
  'flow',
  'stream',
  'attention',
  'logits',
  'shapes',
  'tensor',
  'compare',
  'sweep',
  'generation',
] as const;

export type Tab = (typeof tabs)[number];

/** A selection that says all it implies: the path of a stream's step is also a stream and a step, and so on. */
export function completeSelection(summary: TraceSummary, selection: Selection): Selection {
  if (selection.path === undefined) return selection;
  const path =
    summary.tensors.find((each) => each.path === selection.path)?.knownAs ?? selection.path;
  const stream = nearestStream(summary, path, selection.stream);
  const step = summary.streams[stream]?.paths.indexOf(path) ?? -1;
  const pattern = summary.patterns.findIndex((each) => each.path === path);
  const layer = path.split('.').find((part) => /^\d+$/.test(part));
  return {
    ...(step >= 0 ? { stream, step } : {}),
    ...(layer === undefined ? {} : { layer: Number(layer) }),
    ...(pattern >= 0 ? { pattern } : {}),
    ...selection,
  };
}

/**
 * The tab to show for a selection that came from the cursor: the current one while it shows anything of the
 * selection, else the most telling one.
 */
export function tabFor(summary: TraceSummary, selection: Selection, current: Tab): Tab {
  const showing = tabsShowing(completeSelection(summary, selection));
  return showing.includes(current) ? current : (showing[0] ?? current);
}

/** The tab to show when a run has come: of what only it has, generated tokens or a sweep, else the current one. */
export function tabOfRun(before: TraceSummary | undefined, now: TraceSummary, current: Tab): Tab {
  if (now.generated !== undefined && before?.generated === undefined) return 'generation';
  if (now.sweep !== undefined && before?.sweep === undefined) return 'sweep';
  return current;
}

/** A selection that fits another run: what that run no longer has is dropped. */
export function keepSelection(summary: TraceSummary, selection: Selection): Selection {
  const { path, pattern, stream, step, ...rest } = selection;
  const steps = summary.streams[stream ?? 0]?.steps ?? 0;
  return {
    ...rest,
    ...(path !== undefined && summary.tensors.some((each) => each.path === path) ? { path } : {}),
    ...(pattern !== undefined && pattern < summary.patterns.length ? { pattern } : {}),
    ...(stream !== undefined && stream < summary.streams.length ? { stream } : {}),
    ...(step !== undefined && step < steps ? { step } : {}),
  };
}

/** The tabs on which something of a complete selection is visible, the most telling first. */
function tabsShowing(selection: Selection): readonly Tab[] {
  const showing: Tab[] = [];
  if (selection.pattern !== undefined || selection.head !== undefined) showing.push('attention');
  if (selection.step !== undefined || selection.stream !== undefined) showing.push('stream');
  if (selection.token !== undefined) showing.push('stream', 'attention');
  if (selection.path !== undefined) showing.push('tensor', 'shapes');
  return showing;
}

/** The chosen stream where it has the path, else the first that has. */
function nearestStream(summary: TraceSummary, path: string, chosen: number | undefined): number {
  if (chosen !== undefined && summary.streams[chosen]?.paths.includes(path)) return chosen;
  return summary.streams.findIndex((stream) => stream.paths.includes(path));
}
