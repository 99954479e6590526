import { Fragment, useId, useState } from 'react';
import { useKeyNames } from '../admin/use-key-names';
import type { Erasure, Receipt } from '../api/types';
import { exactCount, fullTime } from '../format';
import { useTimeZone } from '../settings';
import { Icon } from '../ui/icons';
import { actorOf, kindOf, storeOf } from './words';

/** Erasures, each with its receipts when opened. */
export function ErasureTable({ erasures }: { erasures: Erasure[] }) {
  return (
    <div className="scroll-x">
      <table className="table cards">
        <thead>
          <tr>
            <th>Scope</th>
            <th>When</th>
            <th>By</th>
            <th className="right">Sessions</th>
            <th>Status</th>
          </tr>
        </thead>
        <tbody>
          {erasures.map((erasure) => (
            <ErasureRows key={erasure.id} erasure={erasure} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ErasureRows({ erasure }: { erasure: Erasure }) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const zone = useTimeZone();
  const nameOfKey = useKeyNames();
  return (
    <Fragment>
      <tr data-erasure={erasure.id}>
        <td>
          <button
            type="button"
            className="plain link opener"
            aria-expanded={isOpen}
            aria-controls={id}
            onClick={() => setOpen(!isOpen)}
          >
            <Icon name={isOpen ? 'down' : 'right'} size={16} /> {kindOf(erasure)}
            <span className="hidden">: receipts</span>
          </button>
        </td>
        <td data-label="When" className="number">
          {fullTime(erasure.requestedAt, zone)}
        </td>
        <td data-label="By" className="muted">
          {actorOf(erasure, nameOfKey)}
        </td>
        <td data-label="Sessions" className="right">
          {exactCount(erasure.sessions)}
        </td>
        <td data-label="Status">
          {erasure.completedAt ? (
            <span className="badge green" title={fullTime(erasure.completedAt, zone)}>
              complete
            </span>
          ) : (
            <span className="badge amber">verifying</span>
          )}
        </td>
      </tr>
      {isOpen && (
        <tr className="receipts" id={id}>
          <td colSpan={5}>
            <Receipts erasure={erasure} />
          </td>
        </tr>
      )}
    </Fragment>
  );
}

function Receipts({ erasure }: { erasure: Erasure }) {
  const zone = useTimeZone();
  return (
    <>
      <p>
        {erasure.completedAt
          ? `Every store was checked again after the erasure. The last check was on ${fullTime(erasure.completedAt, zone)}.`
          : 'The data can no longer be found or replayed. CROW is removing what is left in each store and then checks the store again. This takes minutes.'}
      </p>
      <table className="table cards">
        <thead>
          <tr>
            <th>Store</th>
            <th className="right">Found</th>
            <th className="right">Removed</th>
            <th>Verified</th>
          </tr>
        </thead>
        <tbody>
          {erasure.receipts.map((receipt) => (
            <ReceiptRow key={receipt.store} receipt={receipt} />
          ))}
        </tbody>
      </table>
      <p className="muted">
        Erasure id <span className="mono">{erasure.id}</span>. This record does not name who or what was erased.
      </p>
    </>
  );
}

function ReceiptRow({ receipt: { store, found, removed, verifiedAt } }: { receipt: Receipt }) {
  const zone = useTimeZone();
  const [name, holds] = storeOf(store);
  return (
    <tr>
      <td>
        <b>{name}</b>
        <small className="muted">{holds}</small>
      </td>
      <td data-label="Found" className="right">
        {exactCount(found)}
      </td>
      <td data-label="Removed" className="right">
        {exactCount(removed)}
      </td>
      <td data-label="Verified" className="number">
        {verifiedAt ? fullTime(verifiedAt, zone) : <span className="muted">not yet</span>}
      </td>
    </tr>
  );
}
