import type { AttentionView } from '../src/views/index.ts';
import { largestWeight } from './largest-weight.ts';
import { strings } from './strings.ts';

interface AttentionLinesProps {
  readonly view: AttentionView;
  readonly onToken: (token: number) => void;
}

const lineHeight = 18;
/** Up to this many tokens every query has its lines; beyond it only the chosen one has. */
const fewTokens = 48;
const mostTokens = 200;
const columns = { query: 112, key: 248 };
/** Weights below this are no line. */
const faint = 0.02;

/** Two columns of tokens and a line for each weight: queries on the left, keys on the right. */
export function AttentionLines({ view, onToken }: AttentionLinesProps) {
  const { tokens, token, map, fromToken } = view;
  const count = Math.min(tokens.length, mostTokens);
  const height = count * lineHeight;
  const isWhole = map.stride[0] === 1 && map.stride[1] === 1 && count <= fewTokens;
  const most = largestWeight(fromToken) || 1;
  const queries = isWhole ? Array.from({ length: count }, (_, query) => query) : [];
  return (
    <figure class="lines">
      <figcaption class="visually-hidden">{strings.attention.lines}</figcaption>
      <svg
        viewBox={`0 0 360 ${height}`}
        role="img"
        aria-label={strings.attention.lines}
        style={{ height: `${height}px` }}
      >
        {queries.map((query) => (
          <Lines
            key={query}
            query={query}
            weights={map.values.subarray(query * map.columns.size, (query + 1) * map.columns.size)}
            most={1}
            look="line"
          />
        ))}
        <Lines
          query={token}
          weights={fromToken.subarray(0, count)}
          most={most}
          look="line chosen"
        />
        {tokens.slice(0, count).map((text, index) => (
          // biome-ignore lint/a11y/noStaticElementInteractions: the chips above are the keyboard's way
          <g
            key={index}
            class={index === token ? 'line-token chosen' : 'line-token'}
            onClick={() => onToken(index)}
          >
            <text x={columns.query - 6} y={middle(index) + 4} text-anchor="end">
              {text}
            </text>
            <text x={columns.key + 6} y={middle(index) + 4}>
              {text}
            </text>
          </g>
        ))}
      </svg>
    </figure>
  );
}

interface LinesProps {
  readonly query: number;
  readonly weights: ArrayLike<number>;
  /** The weight that is drawn in full. */
  readonly most: number;
  readonly look: string;
}

function Lines({ query, weights, most, look }: LinesProps) {
  return (
    <g class={look}>
      {Array.from(weights, (weight, key) =>
        !(weight >= faint * most) ? null : (
          <line
            key={key}
            x1={columns.query}
            y1={middle(query)}
            x2={columns.key}
            y2={middle(key)}
            stroke-opacity={Math.min(1, weight / most)}
            stroke-width={1 + (2.5 * weight) / most}
          />
        ),
      )}
    </g>
  );
}

function middle(index: number): number {
  return (index + 0.5) * lineHeight;
}
