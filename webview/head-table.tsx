import { useSignal } from '@preact/signals';
import {
  type AttentionHeadsView,
  type HeadScores,
  headScoreNames,
  numberText,
} from '../src/views/index.ts';
import type { ChosenHead } from './head-grid.tsx';
import { strings } from './strings.ts';

interface HeadTableProps {
  readonly view: AttentionHeadsView;
  readonly chosen: ChosenHead;
  readonly onChoose: (chosen: ChosenHead) => void;
}

interface Row extends ChosenHead {
  readonly layer: number;
  readonly scores: HeadScores;
}

/** What every head does, in numbers; a click on a column sorts by it, the largest first. */
export function HeadTable({ view, chosen, onChoose }: HeadTableProps) {
  const by = useSignal<keyof HeadScores | 'layer'>('layer');
  const rows = view.layers.flatMap(({ pattern, layer, heads }) =>
    heads.map((scores, head): Row => ({ pattern, head, layer: layer ?? pattern, scores })),
  );
  const { value } = by;
  const sorted =
    value === 'layer'
      ? rows
      : rows.toSorted((a, b) => (b.scores[value] ?? -1) - (a.scores[value] ?? -1));
  const names = ['layer', ...headScoreNames] as const;
  return (
    <div class="head-table" tabIndex={-1}>
      <table>
        <thead>
          <tr>
            {names.map((name) => (
              <th
                key={name}
                scope="col"
                class="sort-head"
                aria-sort={name !== value ? 'none' : name === 'layer' ? 'ascending' : 'descending'}
              >
                <button
                  type="button"
                  class="sort"
                  title={strings.attention.scoreHelp[name]}
                  onClick={() => {
                    by.value = name;
                  }}
                >
                  {name === 'layer' ? strings.attention.headColumn : strings.attention.scores[name]}
                  <span aria-hidden="true">{name === value ? ' ▾' : ''}</span>
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.map((row) => (
            <HeadRow
              key={`${row.pattern}.${row.head}`}
              row={row}
              isChosen={row.pattern === chosen.pattern && row.head === chosen.head}
              onChoose={onChoose}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface HeadRowProps {
  readonly row: Row;
  readonly isChosen: boolean;
  readonly onChoose: (chosen: ChosenHead) => void;
}

function HeadRow({ row, isChosen, onChoose }: HeadRowProps) {
  return (
    <tr aria-current={isChosen ? 'true' : undefined}>
      <th scope="row">
        <button
          type="button"
          class="link"
          aria-label={strings.attention.headOf(row.layer, row.head)}
          onClick={() => onChoose(row)}
        >
          {row.layer}.{row.head}
        </button>
      </th>
      {headScoreNames.map((name) => (
        <td key={name} class="number score">
          <span
            class="score-bar"
            style={{ width: `${100 * shareOf(name, row.scores[name])}%` }}
            aria-hidden="true"
          />
          <span class="score-text">{scoreText(name, row.scores[name])}</span>
        </td>
      ))}
    </tr>
  );
}

/** Weights are shares already; entropies and distances have no largest value. */
function shareOf(name: keyof HeadScores, value: number | undefined): number {
  if (value === undefined || name === 'entropy' || name === 'distance') return 0;
  return Math.max(0, Math.min(1, value));
}

export function scoreText(name: keyof HeadScores, value: number | undefined): string {
  if (value === undefined) return strings.attention.noScore;
  if (name === 'entropy') return strings.attention.bits(numberText(value));
  return name === 'distance' ? numberText(value) : value.toFixed(2);
}
