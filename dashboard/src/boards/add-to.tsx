import { lazy, Suspense } from 'react';
import { Button, Popover } from '../ui/controls';
import { Skeleton } from '../ui/states';
import type { NewTile } from './types';

const Choices = lazy(() => import('./add-choices'));

/** Puts what a page shows on a dashboard. */
export function AddToDashboard({
  tile,
  filter,
  small = false,
}: {
  tile: NewTile;
  /** The filters of the page. */
  filter: Record<string, string | number>;
  small?: boolean;
}) {
  return (
    <Popover
      side={small ? 'right' : 'left'}
      title="Add to a dashboard"
      button={(open, isOpen) =>
        small ? (
          <Button
            small
            look="quiet"
            icon="plus"
            label={`Add ${tile.title} to a dashboard`}
            onClick={open}
            aria-expanded={isOpen}
          />
        ) : (
          <Button icon="plus" onClick={open} aria-expanded={isOpen}>
            Dashboard
          </Button>
        )
      }
    >
      {(close) => (
        <Suspense fallback={<Skeleton height={120} />}>
          <Choices tile={tile} filter={filter} close={close} />
        </Suspense>
      )}
    </Popover>
  );
}
