import { exactCount, percent } from '../format';
import { link, useSearch } from '../router';
import { Card } from '../ui/controls';
import { Empty, Loaded } from '../ui/states';
import type { ActiveProduct } from './types';
import { useActivity } from './use-products';

/** What visitors did with each product in a range, those of most interactions first. */
export function ActivityTable() {
  const query = useActivity();
  return (
    <Card flush>
      <Loaded query={query} height={320}>
        {({ products }) =>
          products.length ? (
            <Rows products={products} />
          ) : (
            <Empty icon="tag" title="No products in this range">
              No finished session of this time range was about a product. Choose a longer one.
            </Empty>
          )
        }
      </Loaded>
    </Card>
  );
}

function Rows({ products }: { products: ActiveProduct[] }) {
  const [search] = useSearch();
  const range = { from: search.get('from'), to: search.get('to'), range: search.get('range') };
  return (
    <div className="scroll-x">
      <table className="table cards">
        <thead>
          <tr>
            <th>Product</th>
            <th className="right">Interactions</th>
            <th className="right">Views</th>
            <th className="right">Added</th>
            <th className="right">Purchased</th>
            <th className="right">Abandoned</th>
            <th className="right">Abandoned, share</th>
          </tr>
        </thead>
        <tbody>
          {products.map(({ id, name, interactions, views, added, purchased, abandoned }) => (
            <tr key={id} data-product={id}>
              <td>
                <a className="link foreign" href={link('/interactions', { ...range, product: id })}>
                  {name ?? id}
                </a>{' '}
                {name === null && <small className="muted">not in the catalogue</small>}
              </td>
              <td data-label="Interactions" className="right">
                {exactCount(interactions)}
              </td>
              <td data-label="Views" className="right">
                {exactCount(views)}
              </td>
              <td data-label="Added" className="right" title="Put into the cart">
                {exactCount(added)}
              </td>
              <td data-label="Purchased" className="right">
                {exactCount(purchased)}
              </td>
              <td data-label="Abandoned" className="right" title="Added and not purchased in the same visit">
                {exactCount(abandoned)}
              </td>
              <td data-label="Abandoned, share" className="right" title="Of those that added it">
                {added ? percent(abandoned / added) : '–'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
