import { call } from '../api/client';
import { ChangeDialog } from '../ui/change-dialog';
import { tell } from '../ui/toast';
import type { Product } from './types';
import { useChange, useProductsPath } from './use-products';

/** Takes a product out of the catalogue. */
export function RemoveDialog({ product, onClose }: { product: Product; onClose: () => void }) {
  const path = useProductsPath();
  const remove = useChange(
    () => call(`${path}/${encodeURIComponent(product.id)}`, { method: 'DELETE' }),
    () => {
      tell('The product is removed.');
      onClose();
    },
  );
  return (
    <ChangeDialog title="Remove the product?" action="Remove" look="danger" change={remove} onClose={onClose}>
      <p>
        <b className="foreign">{product.name}</b> leaves the catalogue. Summaries that name it stay as they are; later
        visits have only the name that the page gives it.
      </p>
    </ChangeDialog>
  );
}
