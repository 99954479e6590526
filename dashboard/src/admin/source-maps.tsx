import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError, call } from '../api/client';
import type { SourceMap, SourceMapPage } from '../api/types';
import { bytes, fullTime } from '../format';
import { useSearch } from '../router';
import { useTimeZone } from '../settings';
import { useSigned } from '../signin/session';
import { Button, Card, useRested } from '../ui/controls';
import { More, usePages } from '../ui/pages';
import { Empty, Failed, Skeleton } from '../ui/states';
import { useKeyNames } from './use-key-names';
import './admin.css';

/** What `crow sourcemaps upload` has stored, and how to remove it. */
export default function SourceMapsPage() {
  const { organizationId } = useSigned();
  const [search, change] = useSearch();
  const path = `/source-maps/${encodeURIComponent(organizationId)}`;
  const release = useRested(search.get('release') ?? undefined);
  const query = usePages<SourceMapPage>(['source-maps', path, release], path, { release, limit: 50 });
  const maps = query.data?.pages.flatMap((page) => page.sourceMaps) ?? [];
  return (
    <div className="page">
      <div className="page-head">
        <h1>Source maps</h1>
        <input
          className="field"
          type="search"
          aria-label="Release"
          placeholder="Release"
          value={search.get('release') ?? ''}
          onChange={({ target }) => change({ release: target.value || null })}
        />
        <p>
          They show errors in your own sources. Where your site is built, run{' '}
          <code>{`crow sourcemaps upload dist --release 1.2.3 --org ${organizationId} --url ${location.origin}`}</code>.
        </p>
      </div>
      <Card flush>
        {query.isError ? (
          <Failed error={query.error} retry={() => void query.refetch()} />
        ) : query.isPending ? (
          <Skeleton height={200} />
        ) : !maps.length ? (
          <Empty icon="setup" title="No source maps">
            {release ? 'No map of this release is stored.' : 'None was uploaded yet.'}
          </Empty>
        ) : (
          <Maps maps={maps} path={path} />
        )}
        <More query={query} />
      </Card>
    </div>
  );
}

function Maps({ maps, path }: { maps: SourceMap[]; path: string }) {
  const zone = useTimeZone();
  const nameOf = useKeyNames();
  return (
    <div className="scroll-x">
      <table className="table cards">
        <thead>
          <tr>
            <th>Release</th>
            <th>Script</th>
            <th>Debug id</th>
            <th className="right">Size</th>
            <th>Uploaded</th>
            <th>By</th>
            <th>
              <span className="hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {maps.map((map) => (
            <tr key={map.id} data-map={map.id}>
              <td data-label="Release" className="foreign">
                {map.release}
              </td>
              <td data-label="Script" className="mono foreign">
                {map.path}
              </td>
              <td data-label="Debug id" className="mono muted">
                {map.debugId ?? '–'}
              </td>
              <td data-label="Size" className="right number">
                {bytes(map.bytes)}
              </td>
              <td data-label="Uploaded" className="number">
                {fullTime(map.uploadedAt, zone)}
              </td>
              <td data-label="By">{map.uploadedKind === 'key' ? nameOf(map.uploadedBy) : map.uploadedKind}</td>
              <td className="right">
                <Remove map={map} path={path} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Remove({ map, path }: { map: SourceMap; path: string }) {
  const client = useQueryClient();
  const [isSure, setSure] = useState(false);
  const remove = useMutation({
    mutationFn: () => call(`${path}/${map.id}`, { method: 'DELETE' }),
    onSuccess: () => void client.invalidateQueries({ queryKey: ['source-maps'] }),
  });
  return (
    <span className="row key-actions">
      {remove.error && (
        <span className="problem" role="alert">
          {remove.error instanceof ApiError ? remove.error.message : 'That failed. Try again.'}
        </span>
      )}
      <Button
        small
        look="danger"
        disabled={remove.isPending}
        onClick={() => (isSure ? remove.mutate() : setSure(true))}
      >
        {isSure ? 'Confirm' : 'Delete'}
      </Button>
    </span>
  );
}
