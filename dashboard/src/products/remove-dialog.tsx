import { Problem } from '../accounts/problem';
import { call } from '../api/client';
import { Button, Dialog } from '../ui/controls';
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
    <Dialog
      title="Remove the product?"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="danger" disabled={remove.isPending} onClick={() => remove.mutate(undefined)}>
            Remove
          </Button>
        </>
      }
    >
      <p>
        <b className="foreign">{product.name}</b> leaves the catalogue. Summaries that name it stay as they are; later
        visits have only the name that the page gives it.
      </p>
      <Problem error={remove.error} />
    </Dialog>
  );
}
