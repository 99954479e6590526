import { ApiError } from '../api/client';

/** Why a change was refused, in the words of the server. */
export function Problem({ error }: { error: unknown }) {
  if (!error) return null;
  return (
    <p className="problem" role="alert">
      {error instanceof ApiError ? error.message : 'The change failed. Try again.'}
    </p>
  );
}
