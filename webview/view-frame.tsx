import type { ComponentChildren } from 'preact';
import { Icon } from './icons.tsx';
import { strings } from './strings.ts';
import type { Shown } from './use-view.ts';

interface ViewFrameProps<View> {
  readonly shown: Shown<View>;
  readonly children: (view: View) => ComponentChildren;
}

/** A view that is read, has failed, or is being read with the last one still in sight. */
export function ViewFrame<View>({ shown, children }: ViewFrameProps<View>) {
  if (shown.kind === 'failed') {
    return (
      <div class="message" role="alert">
        <Icon name="error" />
        <span>
          {strings.states.failedView} {shown.message}
        </span>
      </div>
    );
  }
  if (shown.view === undefined) return <p class="muted">{strings.states.loading}</p>;
  return (
    <div class="view" aria-busy={shown.kind === 'loading'}>
      {children(shown.view)}
    </div>
  );
}
