import { t } from '@vscode/l10n';
import type { Trace } from '../trace/index.ts';
import { attentionHeadsView, attentionView, attentionWindow } from './attention.ts';
import { attributionView } from './attribution.ts';
import { comparisonView } from './comparison.ts';
import { flowView } from './flow.ts';
import { generationView } from './generation.ts';
import { lensView, logitsView } from './logits.ts';
import type { AskedView, ViewName, ViewRequests } from './protocol.ts';
import { findReadout } from './readout.ts';
import { residualStreamView } from './residual-stream.ts';
import { shapesView } from './shapes.ts';
import { summarize } from './summary.ts';
import { sweepView } from './sweep.ts';
import { facetsView, tensorText, tensorView, tensorWindow } from './tensor.ts';
import { whyScoreView } from './why-score.ts';

const noLogits = t`This run has no logits: no output that a matrix product makes from the end of a residual stream.`;
const noLens = t`The logits of this run cannot be made from other states: a patch, or an operator that mixes positions, stands between the stream and them.`;
const noPattern = t`This run has no such attention pattern.`;

const tooLarge = t`This slice is too large for the clipboard. Save it as npy instead.`;
const noFacets = (path: string) => t`This run has no tensor of more than two axes called ${path}.`;
const noTensor = (path: string) => t`This run has no tensor called ${path}.`;

/**
 * Answers a view request from a trace. Rejects with a sentence where the trace has nothing to show: over the protocol
 * that is a failure reply, which the inspector prints in the view's place.
 */
export async function viewOf(
  trace: Trace,
  request: AskedView,
): Promise<ViewRequests[ViewName]['result']> {
  switch (request.view) {
    case 'summary':
      return summarize(trace);
    case 'residualStream':
      return present(
        await residualStreamView(trace, request.params),
        t`This run has no residual stream.`,
      );
    case 'attentionHeads':
      return present(await attentionHeadsView(trace), noPattern);
    case 'attention':
      return present(await attentionView(trace, request.params), noPattern);
    case 'attentionWindow':
      return present(await attentionWindow(trace, request.params), noPattern);
    case 'whyScore':
      return present(await whyScoreView(trace, request.params), noPattern);
    case 'flow':
      return present(await flowView(trace, request.params), t`This run has no residual stream.`);
    case 'logits':
      return present(await logitsView(trace, request.params), noLogits);
    case 'lens':
      return present(
        await lensView(trace, request.params),
        findReadout(trace) === undefined ? noLogits : noLens,
      );
    case 'attribution':
      return attributionView(trace, request.params);
    case 'shapes':
      return shapesView(trace);
    case 'comparison':
      return comparisonView(trace);
    case 'tensor':
      return present(await tensorView(trace, request.params), noTensor(request.params.path));
    case 'tensorWindow':
      return present(await tensorWindow(trace, request.params), noTensor(request.params.path));
    case 'facets':
      return present(await facetsView(trace, request.params), noFacets(request.params.path));
    case 'tensorText':
      return present(await tensorText(trace, request.params), tooLarge);
    case 'generation':
      return present(generationView(trace), t`This run generates nothing.`);
    case 'sweep':
      return present(sweepView(trace, request.params), t`This run keeps no metric.`);
  }
}

function present<View>(view: View | undefined, otherwise: string): View {
  if (view === undefined) throw new Error(otherwise);
  return view;
}
