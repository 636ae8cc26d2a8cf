import type { Trace } from '../trace/index.ts';
import { attentionView } from './attention.ts';
import { generationView } from './generation.ts';
import type { ViewName, ViewRequest, ViewRequests } from './protocol.ts';
import { residualStreamView } from './residual-stream.ts';
import { shapesView } from './shapes.ts';
import { summarize } from './summary.ts';
import { sweepView } from './sweep.ts';
import { tensorView } from './tensor.ts';

/**
 * Answers a view request from a trace. Rejects with a sentence where the trace has nothing to show: over the protocol
 * that is a failure reply, which the inspector prints in the view's place.
 */
export async function viewOf(
  trace: Trace,
  request: ViewRequest,
): Promise<ViewRequests[ViewName]['result']> {
  switch (request.view) {
    case 'summary':
      return summarize(trace);
    case 'residualStream':
      return present(
        await residualStreamView(trace, request.params),
        'This run has no residual stream.',
      );
    case 'attention':
      return present(
        await attentionView(trace, request.params),
        'This run has no attention pattern.',
      );
    case 'shapes':
      return shapesView(trace);
    case 'tensor':
      return present(
        await tensorView(trace, request.params),
        `This run has no tensor called ${request.params.path}.`,
      );
    case 'generation':
      return present(generationView(trace), 'This run generates nothing.');
    case 'sweep':
      return present(sweepView(trace, request.params), 'This run keeps no metric.');
  }
}

function present<View>(view: View | undefined, otherwise: string): View {
  if (view === undefined) throw new Error(otherwise);
  return view;
}
