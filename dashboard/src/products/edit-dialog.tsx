import { useState, type FormEvent } from 'react';
import { call } from '../api/client';
import { Problem } from '../accounts/problem';
import { Button, Dialog } from '../ui/controls';
import { decimalOf, minorOf } from './price';
import type { Product, ProductFields } from './types';
import { useChange, useProductsPath } from './use-products';

type Form = Record<
  'id' | 'name' | 'description' | 'sku' | 'category' | 'price' | 'currency' | 'url' | 'imageUrl',
  string
>;

const FIELDS: [name: keyof Form, label: string, maxLength: number, placeholder?: string][] = [
  ['name', 'Name', 300],
  ['description', 'Description', 500, 'Searches by meaning compare it, too'],
  ['id', 'Id in events', 128, 'what your events send as productId'],
  ['sku', 'SKU', 128],
  ['category', 'Category', 200],
  ['price', 'Price', 16, '1299.00'],
  ['currency', 'Currency', 3, 'EUR'],
  ['url', 'Address of its page', 2_000, 'https://shop.example/products/laptop'],
  ['imageUrl', 'Address of a picture', 2_000],
];

const formOf = (product?: Product): Form => ({
  id: product?.id ?? '',
  name: product?.name ?? '',
  description: product?.description ?? '',
  sku: product?.sku ?? '',
  category: product?.category ?? '',
  price: product?.priceMinor != null && product.currency ? decimalOf(product.priceMinor, product.currency) : '',
  currency: product?.currency ?? '',
  url: product?.url ?? '',
  imageUrl: product?.imageUrl ?? '',
});

/** What the server gets; a text says what is wrong. */
function fieldsOf({ name, description, sku, category, price, currency, url, imageUrl }: Form): ProductFields | string {
  const unit = currency.trim().toUpperCase();
  const fields: ProductFields = {
    name: name.trim(),
    description: description.trim() || null,
    sku: sku.trim() || null,
    category: category.trim() || null,
    url: url.trim() || null,
    imageUrl: imageUrl.trim() || null,
  };
  if (!price.trim()) return { ...fields, priceMinor: null, currency: null };
  if (!/^[A-Z]{3}$/.test(unit)) return 'Currency: a price needs the three letters of its currency, such as EUR.';
  const priceMinor = minorOf(price, unit);
  if (priceMinor === null) return `Price: write it like 1299.00, with no more decimals than ${unit} has.`;
  return { ...fields, priceMinor, currency: unit };
}

/** Adds a product, or changes one. */
export function EditDialog({ product, onClose }: { product?: Product; onClose: () => void }) {
  const path = useProductsPath();
  const [form, setForm] = useState(formOf(product));
  const [wrong, setWrong] = useState('');
  const save = useChange(
    (fields: ProductFields) =>
      product
        ? call(`${path}/${encodeURIComponent(product.id)}`, { method: 'PUT', json: fields })
        : call(path, { method: 'POST', json: { ...fields, ...(form.id.trim() && { id: form.id.trim() }) } }),
    onClose,
  );
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    const fields = fieldsOf(form);
    setWrong(typeof fields === 'string' ? fields : '');
    if (typeof fields !== 'string' && fields.name) save.mutate(fields);
  };
  return (
    <Dialog
      title={product ? 'Edit product' : 'New product'}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" disabled={!form.name.trim() || save.isPending} onClick={() => submit()}>
            Save
          </Button>
        </>
      }
    >
      <form className="product-fields" onSubmit={submit} noValidate>
        {FIELDS.map(([name, label, maxLength, placeholder]) => (
          <label key={name} className={`labelled of-${name}`}>
            {label}
            <input
              className="field"
              autoComplete="off"
              maxLength={maxLength}
              placeholder={placeholder}
              value={form[name]}
              disabled={name === 'id' && !!product}
              autoFocus={name === 'name'}
              onChange={({ target }) => setForm({ ...form, [name]: target.value })}
            />
          </label>
        ))}
        {/* Enter in a field submits only a form that has a button. */}
        <button type="submit" hidden />
      </form>
      {wrong ? (
        <p className="problem" role="alert">
          {wrong}
        </p>
      ) : (
        <Problem error={save.error} />
      )}
    </Dialog>
  );
}
