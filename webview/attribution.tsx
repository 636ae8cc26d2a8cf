import type { AttributionPart, AttributionView, LogitsView } from '../src/views/index.ts';
import { numberText } from '../src/views/index.ts';
import { cellStyle, signedColour } from './colours.ts';
import type { Store } from './store.ts';
import { strings } from './strings.ts';
import { useTheme } from './theme.tsx';
import { useView } from './use-view.ts';
import { ViewFrame } from './view-frame.tsx';

interface AttributionProps {
  readonly store: Store;
  readonly view: LogitsView;
}

/** How much of the followed token's logit each write, and each head, put there. */
export function Attribution({ store, view }: AttributionProps) {
  const asked = { position: view.position, id: view.id };
  const shown = useView(store, JSON.stringify(asked), () => store.view('attribution', asked));
  return (
    <section>
      <h2>{strings.logits.attribution(view.text)}</h2>
      <ViewFrame shown={shown}>
        {(found) =>
          'none' in found ? (
            <p class="muted">{found.none}</p>
          ) : (
            <Parts store={store} found={found} />
          )
        }
      </ViewFrame>
    </section>
  );
}

function Parts({ store, found }: { readonly store: Store; readonly found: AttributionView }) {
  const { parts, rest, logit } = found;
  const amounts = [...parts.map(({ amount }) => amount), rest];
  const most = amounts.reduce((largest, each) => Math.max(largest, Math.abs(each)), 0) || 1;
  return (
    <table class="numbers attribution">
      <tbody>
        {parts.map((part) => (
          <Part key={part.step} store={store} part={part} most={most} />
        ))}
        <tr>
          <th scope="row" class="muted">
            {strings.logits.rest}
          </th>
          <td>{numberText(rest)}</td>
          <td class="start">
            <SignedBar amount={rest} most={most} />
          </td>
        </tr>
        <tr class="total">
          <th scope="row">{strings.logits.logit}</th>
          <td>
            <b>{numberText(logit)}</b>
          </td>
          <td />
        </tr>
      </tbody>
    </table>
  );
}

interface PartProps {
  readonly store: Store;
  readonly part: AttributionPart;
  readonly most: number;
}

function Part({ store, part, most }: PartProps) {
  return (
    <tr>
      <th scope="row">
        <button
          type="button"
          class="link"
          onClick={() => store.select({ path: part.path, step: part.step })}
        >
          {part.label}
        </button>
      </th>
      <td>{numberText(part.amount)}</td>
      <td class="start">
        <SignedBar amount={part.amount} most={most} />
        {part.heads.length > 1 && <Heads heads={part.heads} most={most} />}
      </td>
    </tr>
  );
}

/** To the right where it speaks for the token, to the left where it speaks against it. */
function SignedBar({ amount, most }: { readonly amount: number; readonly most: number }) {
  const share = Number.isFinite(amount) ? (50 * Math.abs(amount)) / most : 0;
  const side = amount < 0 ? { right: '50%' } : { left: '50%' };
  return (
    <span class="signed-bar">
      <span
        class={amount < 0 ? 'bar-fill norm' : 'bar-fill write'}
        style={{ width: `${share}%`, ...side }}
      />
    </span>
  );
}

function Heads({ heads, most }: { readonly heads: readonly number[]; readonly most: number }) {
  const { ground } = useTheme();
  return (
    <span class="head-parts">
      {heads.map((amount, head) => (
        <span
          key={head}
          class="head-part"
          style={cellStyle(signedColour(ground, amount, most))}
          title={strings.logits.head(head, numberText(amount))}
        >
          {head}
        </span>
      ))}
    </span>
  );
}
