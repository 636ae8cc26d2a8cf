import type { GenerationStepView } from '../src/views/index.ts';
import { percent } from './percent.ts';
import type { Store } from './store.ts';
import { strings } from './strings.ts';
import { useView } from './use-view.ts';
import { ViewFrame } from './view-frame.tsx';

/** How many of the other probable tokens a row names. */
const shown = 5;

/** Generated: the text, and per new token its probability and what else was probable. */
export function GenerationPage({ store }: { readonly store: Store }) {
  const view = useView(store, 'generation', () => store.view('generation', {}));
  return (
    <ViewFrame shown={view}>
      {({ prompt, tokens, isText, steps, reason }) => (
        <section class="generation">
          <p class="generated-text">
            <span class="muted">{joined(tokens.slice(0, prompt), isText)}</span>
            {!isText && ' '}
            <b>{joined(tokens.slice(prompt), isText)}</b>
          </p>
          <table>
            <thead>
              <tr>
                <th scope="col" class="number">
                  {strings.generation.position}
                </th>
                <th scope="col">{strings.generation.token}</th>
                <th scope="col">{strings.generation.probability}</th>
                <th scope="colgroup" colSpan={shown}>
                  {strings.generation.candidates}
                </th>
              </tr>
            </thead>
            <tbody>
              {steps.map((step) => (
                <Step key={step.from} store={store} step={step} />
              ))}
            </tbody>
          </table>
          <p class="muted">{reason}</p>
        </section>
      )}
    </ViewFrame>
  );
}

function joined(tokens: readonly string[], isText: boolean): string {
  return tokens.join(isText ? '' : ' ');
}

interface StepProps {
  readonly store: Store;
  readonly step: GenerationStepView;
}

/** A click chooses the position that the token was chosen from, for all views. */
function Step({ store, step }: StepProps) {
  const { from, text, probability, chance, candidates } = step;
  const chosen = store.selection.value.token === from;
  return (
    <tr aria-current={chosen ? 'true' : undefined}>
      <td class="number muted">{from + 1}</td>
      <td>
        <button
          type="button"
          class="token"
          title={strings.generation.inspect(from)}
          onClick={() => store.select({ token: from })}
        >
          {text}
        </button>
      </td>
      <td title={strings.generation.chance(percent(chance))}>
        <meter min={0} max={1} value={probability} aria-label={strings.generation.probability} />{' '}
        <span class="number">{percent(probability)}</span>
      </td>
      {candidates.slice(0, shown).map((each, rank) => (
        <td key={rank} class="candidate">
          <span class="token-text">{each.text}</span>{' '}
          <span class="muted">{percent(each.probability)}</span>
        </td>
      ))}
    </tr>
  );
}
