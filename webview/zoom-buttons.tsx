import { Icon, type IconName } from './icons.tsx';
import { strings } from './strings.ts';
import type { Zoom } from './zoom.ts';

/** How much larger one step makes a map. */
const step = 1.5;

export function ZoomButtons({ zoom }: { readonly zoom: Zoom }) {
  return (
    <span class="zoom">
      <Small label={strings.heatmap.enlarge} icon="plus" onClick={() => zoom.by(step)} />
      {zoom.window !== undefined && (
        <>
          <Small label={strings.heatmap.shrink} icon="minus" onClick={() => zoom.by(1 / step)} />
          <Small label={strings.heatmap.all} icon="whole" onClick={zoom.reset} />
        </>
      )}
    </span>
  );
}

interface SmallProps {
  readonly label: string;
  readonly icon: IconName;
  readonly onClick: () => void;
}

function Small({ label, icon, onClick }: SmallProps) {
  return (
    <button type="button" class="small-button" aria-label={label} title={label} onClick={onClick}>
      <Icon name={icon} />
    </button>
  );
}

/** Whether the key is one of those that zoom; it has then been followed. */
export function zoomKey(key: string, zoom: Zoom): boolean {
  if (key === '+' || key === '=') zoom.by(step);
  else if (key === '-') zoom.by(1 / step);
  else if (key === '0') zoom.reset();
  else return false;
  return true;
}
