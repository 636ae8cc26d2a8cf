import type { TraceSummary } from '../src/views/index.ts';
import { AttentionPage } from './attention.tsx';
import { FlowPage } from './flow.tsx';
import { LogitsPage } from './logits.tsx';
import { ResidualStreamPage } from './residual-stream.tsx';
import type { Store } from './store.ts';

/** The pages of one run, which can also be looked at of two runs at once. */
export const runPages = ['flow', 'stream', 'attention', 'logits'] as const;
export type RunPageName = (typeof runPages)[number];

interface PageProps {
  readonly store: Store;
  readonly summary: TraceSummary;
  readonly page: RunPageName;
}

export function RunPage({ store, summary, page }: PageProps) {
  switch (page) {
    case 'flow':
      return <FlowPage store={store} summary={summary} />;
    case 'stream':
      return <ResidualStreamPage store={store} summary={summary} />;
    case 'attention':
      return <AttentionPage store={store} summary={summary} />;
    case 'logits':
      return <LogitsPage store={store} summary={summary} />;
  }
}
