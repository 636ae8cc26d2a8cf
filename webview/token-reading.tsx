import { useSignal } from '@preact/signals';
import type { AttentionView } from '../src/views/index.ts';
import { numberText } from '../src/views/index.ts';
import { cellStyle, weightColour } from './colours.ts';
import { largestWeight } from './largest-weight.ts';
import { Segments } from './segments.tsx';
import { strings } from './strings.ts';
import { useTheme } from './theme.tsx';

interface TokenReadingProps {
  readonly view: AttentionView;
  readonly onToken: (token: number) => void;
  readonly onKey: (key: number) => void;
}

const ways = ['from', 'to'] as const;

/** The text with the chosen token's weights on it: what it attends to, or what attends to it. */
export function TokenReading({ view, onToken, onKey }: TokenReadingProps) {
  const way = useSignal<(typeof ways)[number]>('from');
  const theme = useTheme();
  const weights = way.value === 'from' ? view.fromToken : view.toToken;
  const most = largestWeight(weights);
  return (
    <section class="reading" aria-label={strings.attention.reading}>
      <div class="toolbar">
        <Segments
          label={strings.attention.reading}
          options={ways.map((id) => ({ id, title: strings.attention.ways[id] }))}
          chosen={way.value}
          onChoose={(next) => {
            way.value = next;
          }}
        />
        <span class="muted">{strings.attention.readingHint}</span>
      </div>
      <div class="chips">
        {view.tokens.slice(0, 512).map((token, index) => (
          <button
            key={index}
            type="button"
            class="chip"
            aria-pressed={index === view.token}
            title={`${index}: ${numberText(weights[index] ?? 0)}`}
            style={cellStyle(weightColour(theme.ground, (weights[index] ?? 0) / (most || 1)))}
            onClick={(event) => (event.shiftKey ? onKey(index) : onToken(index))}
          >
            {token}
          </button>
        ))}
      </div>
    </section>
  );
}
