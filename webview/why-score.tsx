import { numberText, type WhyScoreView } from '../src/views/index.ts';
import { strings } from './strings.ts';

interface WhyScoreProps {
  readonly view: WhyScoreView;
  readonly tokens: readonly string[];
  readonly dimension: number | undefined;
  readonly onDimension: (dimension: number) => void;
}

const height = 96;

/** One weight taken apart: q·k dimension by dimension, then every step from there to the weight. */
export function WhyScore({ view, tokens, dimension, onDimension }: WhyScoreProps) {
  const { query, key, products, stages } = view;
  const sum = products.reduce((total, { product }) => total + product, 0);
  return (
    <section class="why" aria-label={strings.attention.why}>
      <h2>{strings.attention.whyPair(tokens[query] ?? '', query, tokens[key] ?? '', key)}</h2>
      <ol class="stages">
        {stages.map(({ name, operator, value }, index) => (
          <li key={index} title={name}>
            <span class="muted">{index === 0 ? strings.attention.product : operator}</span>
            <b class="number">{numberText(value)}</b>
          </li>
        ))}
      </ol>
      {products.length > 0 && (
        <>
          <Products products={products} dimension={dimension} onDimension={onDimension} />
          <p class="muted">{strings.attention.productSum(products.length, numberText(sum))}</p>
        </>
      )}
      {products.length > 0 && <Largest products={products} />}
    </section>
  );
}

interface ProductsProps {
  readonly products: WhyScoreView['products'];
  readonly dimension: number | undefined;
  readonly onDimension: (dimension: number) => void;
}

/** A bar per dimension: up where it speaks for the pair, down where it speaks against it. */
function Products({ products, dimension, onDimension }: ProductsProps) {
  const most =
    products.reduce((largest, { product }) => {
      return Number.isFinite(product) ? Math.max(largest, Math.abs(product)) : largest;
    }, 0) || 1;
  const half = height / 2;
  return (
    <svg
      class="products"
      viewBox={`0 0 ${products.length} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={strings.attention.products}
    >
      {products.map(({ dimension: at, product, query, key }) => {
        const isNumber = Number.isFinite(product);
        const tall = isNumber ? (half * Math.abs(product)) / most : half;
        const sign = product < 0 ? 'negative' : 'positive';
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: the table below says the same
          <g key={at} onClick={() => onDimension(at)}>
            <rect
              class={at === dimension ? 'histogram-room chosen' : 'histogram-room'}
              x={at}
              y={0}
              width={1}
              height={height}
            >
              <title>
                {strings.attention.productOf(
                  at,
                  numberText(query),
                  numberText(key),
                  numberText(product),
                )}
              </title>
            </rect>
            <rect
              class={isNumber ? sign : 'not-finite'}
              x={at + 0.08}
              y={product < 0 ? half : half - tall}
              width={0.84}
              height={Math.max(tall, 0.5)}
            />
          </g>
        );
      })}
    </svg>
  );
}

/** The dimensions that count most, in numbers. */
function Largest({ products }: Pick<ProductsProps, 'products'>) {
  const sorted = products.toSorted((a, b) => Math.abs(b.product) - Math.abs(a.product)).slice(0, 5);
  return (
    <table class="numbers">
      <thead>
        <tr>
          <th class="heading" scope="col">
            {strings.attention.dimension}
          </th>
          <th class="heading" scope="col">
            q
          </th>
          <th class="heading" scope="col">
            k
          </th>
          <th class="heading" scope="col">
            q·k
          </th>
        </tr>
      </thead>
      <tbody>
        {sorted.map(({ dimension, query, key, product }) => (
          <tr key={dimension}>
            <th scope="row">{dimension}</th>
            <td>{numberText(query)}</td>
            <td>{numberText(key)}</td>
            <td>{numberText(product)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
