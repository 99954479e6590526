import type { UseQueryResult } from '@tanstack/react-query';
import { Component, type ReactNode } from 'react';
import { ApiError } from '../api/client';
import { Button } from './controls';
import { Icon, type IconName } from './icons';

/** Nothing to show, and what to do about it. */
export function Empty({
  icon = 'search',
  title,
  children,
  actions,
}: {
  icon?: IconName;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div className="notice">
      <Icon name={icon} size={34} />
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {actions && <div className="row">{actions}</div>}
    </div>
  );
}

const ADVICE: Record<string, string> = {
  unreachable: 'Check your connection, then try again.',
  forbidden: 'Your role or key may not do that. Ask an admin of your organization.',
  not_found: 'It does not exist, was erased, or belongs to another organization.',
  rate_limited: 'Too many requests. Wait a few seconds and try again.',
  unavailable: 'The server is starting or overloaded. No data is lost. Try again in a moment.',
  timeout: 'The query took too long. Choose a shorter time range.',
};

export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const known = error instanceof ApiError ? error : undefined;
  return (
    <div className="notice" role="alert">
      <Icon name="error" size={34} />
      <h2>{known?.status === 404 ? 'Not found' : 'This could not be loaded'}</h2>
      <p>{known ? known.message : 'An unexpected error occurred.'}</p>
      {known && ADVICE[known.code] && <p>{ADVICE[known.code]}</p>}
      {known?.requestId && <code>request {known.requestId}</code>}
      {retry && (
        <div className="row">
          <Button icon="refresh" onClick={retry}>
            Try again
          </Button>
        </div>
      )}
    </div>
  );
}

/** Shows an error if a page cannot be drawn. The rest of the app keeps working. */
export class Crash extends Component<{ children: ReactNode }, { error?: unknown }> {
  override state: { error?: unknown } = {};
  static getDerivedStateFromError = (error: unknown) => ({ error });

  override render(): ReactNode {
    const { error } = this.state;
    return error === undefined ? (
      this.props.children
    ) : (
      <Failed error={error} retry={() => this.setState({ error: undefined })} />
    );
  }
}

export const Skeleton = ({ height, width = '100%' }: { height: number; width?: number | string }) => (
  <div className="skeleton" style={{ height, width }} aria-hidden="true" />
);

/** An answer, or a placeholder while it loads or after it failed. */
export function Loaded<T>({
  query,
  height = 200,
  children,
}: {
  query: UseQueryResult<T>;
  height?: number;
  children: (data: T) => ReactNode;
}) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  return (
    <div role="status" aria-label="Loading">
      <Skeleton height={height} />
    </div>
  );
}
