import { useState } from 'react';
import { useSearch } from '../router';
import { RangePicker } from '../sessions/range-picker';
import { useSigned } from '../signin/session';
import { Button, Segments } from '../ui/controls';
import { ActivityTable } from './activity';
import { Catalogue } from './catalogue';
import { EditDialog } from './edit-dialog';
import { ImportDialog } from './import-dialog';
import { RemoveDialog } from './remove-dialog';
import type { Product } from './types';
import '../admin/admin.css';
import './products.css';

const VIEWS = [
  ['catalogue', 'Catalogue'],
  ['activity', 'Activity'],
] as const;

/** What is open over the page. */
export type Open = { kind: 'new' } | { kind: 'import' } | { kind: 'edit' | 'remove'; product: Product } | null;

/** The products of the shop, and what visitors do with them. */
export default function ProductsPage() {
  const { isAdmin } = useSigned();
  const [search, change] = useSearch();
  const [open, setOpen] = useState<Open>(null);
  const view = search.get('view') === 'activity' ? 'activity' : 'catalogue';
  const close = () => setOpen(null);
  return (
    <div className="page">
      <div className="page-head">
        <h1>Products</h1>
        <Segments
          label="View"
          value={view}
          options={VIEWS}
          onChange={(next) => change({ view: next === 'catalogue' ? null : next })}
        />
        {view === 'activity' && <RangePicker />}
        {view === 'catalogue' && isAdmin && (
          <>
            <Button onClick={() => setOpen({ kind: 'import' })}>Import</Button>
            <Button look="primary" icon="plus" onClick={() => setOpen({ kind: 'new' })}>
              New product
            </Button>
          </>
        )}
        <p>Summaries name the products of this catalogue that a visit is about, and say how they were recognised.</p>
      </div>
      {view === 'catalogue' ? <Catalogue onOpen={setOpen} /> : <ActivityTable />}
      {open?.kind === 'new' && <EditDialog onClose={close} />}
      {open?.kind === 'edit' && <EditDialog product={open.product} onClose={close} />}
      {open?.kind === 'remove' && <RemoveDialog product={open.product} onClose={close} />}
      {open?.kind === 'import' && <ImportDialog onClose={close} />}
    </div>
  );
}
