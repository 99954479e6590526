/** Everything that is stored about one user, or one visitor nobody identified, as a zip file. Only admins see it. */
import { useMutation } from '@tanstack/react-query';
import { ApiError, request } from '../api/client';
import { saveAsFile } from '../session/download';
import { useSigned } from '../signin/session';
import { Button } from '../ui/controls';
import { Icon } from '../ui/icons';
import { tell } from '../ui/toast';

interface Person {
  userId: string | null | undefined;
  visitorId: string | null | undefined;
}

const labelOf = ({ userId }: Person) => (userId ? 'Download this user’s data' : 'Download this visitor’s data');

/** A button beside the filters of the list. */
export function DownloadPerson(person: Person) {
  const download = useDownload(person);
  if (!download) return null;
  return (
    <Button small icon="download" disabled={download.isPending} onClick={() => download.mutate()}>
      {download.isPending ? 'Collecting…' : labelOf(person)}
    </Button>
  );
}

/** An item of a menu, which it closes. */
export function DownloadPersonItem({ onDone, ...person }: Person & { onDone: () => void }) {
  const download = useDownload(person);
  if (!download) return null;
  return (
    <button
      type="button"
      className="item"
      disabled={download.isPending}
      onClick={() => download.mutate(undefined, { onSettled: onDone })}
    >
      <Icon name="user" size={16} /> {download.isPending ? 'Collecting…' : `${labelOf(person)} (ZIP)`}
    </button>
  );
}

function useDownload({ userId, visitorId }: Person) {
  const whose = userId ? { userId } : visitorId && { visitorId };
  const { isAdmin, organizationId } = useSigned();
  const download = useMutation({
    mutationFn: async () => {
      const answer = await request(`/admin/${organizationId}/access`, { params: whose || {} });
      // The file is not whole unless the answer ends as it should; otherwise this fails.
      saveAsFile(await answer.blob(), 'access-request.zip');
    },
    onError: (error) =>
      tell(error instanceof ApiError ? error.message : 'The download was interrupted. Nothing was saved. Try again.'),
  });
  return isAdmin && whose ? download : undefined;
}
