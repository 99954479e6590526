import { link, useSearch } from '../router';
import { useSigned } from '../signin/session';
import { Button, Card } from '../ui/controls';
import { More } from '../ui/pages';
import { SearchMode, useByMeaning } from '../ui/search-mode';
import { Empty, Failed, Skeleton } from '../ui/states';
import type { Open } from './page';
import { priceText } from './price';
import type { Product } from './types';
import { useCatalogue } from './use-products';

interface Props {
  onOpen: (open: Open) => void;
}

/** The products by name, searched and filtered. */
export function Catalogue({ onOpen }: Props) {
  const query = useCatalogue();
  const [search, change] = useSearch();
  const isByMeaning = useByMeaning();
  const field = (name: 'q' | 'category', label: string) => (
    <input
      className={`field ${name === 'q' ? 'grow' : ''}`}
      type="search"
      aria-label={label}
      placeholder={label}
      maxLength={200}
      value={search.get(name) ?? ''}
      onChange={({ target }) => change({ [name]: target.value }, { replace: true })}
    />
  );
  return (
    <div className="stack">
      <div className="row product-filters">
        {field('q', isByMeaning ? 'What it is, in English' : 'Words in name, id, SKU or category')}
        <SearchMode />
        {field('category', 'Category')}
      </div>
      {query.note && <p role="status">{query.note}</p>}
      <Card flush>
        {query.isError && !query.data ? (
          <Failed error={query.error} retry={() => void query.refetch()} />
        ) : query.isPending ? (
          <Skeleton height={320} />
        ) : query.products.length ? (
          <ProductTable products={query.products} onOpen={onOpen} />
        ) : (
          <Nothing isByMeaning={isByMeaning && !query.note} />
        )}
        <More query={query} />
      </Card>
    </div>
  );
}

function Nothing({ isByMeaning }: { isByMeaning: boolean }) {
  const [search, change] = useSearch();
  if (search.get('q') || search.get('category'))
    return (
      <Empty
        title="No matching products"
        actions={<Button onClick={() => change({ q: null, category: null })}>Clear</Button>}
      >
        {isByMeaning
          ? 'No name or category is similar in meaning. Say it in other words, or search for words.'
          : 'All words must occur in its name, id, SKU or category.'}
      </Empty>
    );
  return (
    <Empty icon="tag" title="The catalogue is empty">
      Import a CSV file of your shop, or add products one by one. Until then, products are named as pages name them.
    </Empty>
  );
}

function ProductTable({ products, onOpen }: Props & { products: Product[] }) {
  const { isAdmin } = useSigned();
  return (
    <div className="scroll-x">
      <table className="table cards">
        <thead>
          <tr>
            <th>Name</th>
            <th>Id</th>
            <th>Category</th>
            <th className="right">Price</th>
            <th>Page</th>
            <th>
              <span className="hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {products.map((product) => (
            <tr key={product.id} data-product={product.id}>
              <td>
                <b className="foreign">{product.name}</b>
              </td>
              <td data-label="Id" className="mono muted foreign" title={product.sku ? `SKU ${product.sku}` : undefined}>
                {product.id}
              </td>
              <td data-label="Category" className="foreign">
                {product.category ?? <span className="muted">none</span>}
              </td>
              <td data-label="Price" className="right number">
                {product.priceMinor !== null && product.currency
                  ? priceText(product.priceMinor, product.currency)
                  : '–'}
              </td>
              <td data-label="Page" className="mono muted foreign">
                {product.path ?? '–'}
              </td>
              <td className="right">
                <span className="row key-actions">
                  <a
                    className="button small"
                    href={link('/interactions', { product: product.id, range: '90d' })}
                    aria-label={`Interactions with ${product.name}`}
                  >
                    Interactions
                  </a>
                  {isAdmin && (
                    <>
                      <Button
                        small
                        aria-label={`Edit ${product.name}`}
                        onClick={() => onOpen({ kind: 'edit', product })}
                      >
                        Edit
                      </Button>
                      <Button
                        small
                        look="danger"
                        aria-label={`Remove ${product.name}`}
                        onClick={() => onOpen({ kind: 'remove', product })}
                      >
                        Remove
                      </Button>
                    </>
                  )}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
