import { fullTime } from '../format';
import { useTimeZone } from '../settings';
import { Button, CopyButton, Dialog } from '../ui/controls';
import { linkOf } from './roles';
import type { HandedOut } from '../api/types';

/** A link that is shown once, also when the server has mailed it. */
export function LinkDialog({
  title,
  email,
  link: { token, isMailed, expiresAt },
  onClose,
}: {
  title: string;
  email: string;
  link: HandedOut;
  onClose: () => void;
}) {
  const zone = useTimeZone();
  return (
    <Dialog
      title={title}
      onClose={onClose}
      footer={
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <p>
        {isMailed ? 'This link was mailed to ' : 'Send this link to '}
        <b className="foreign">{email}</b>
        {isMailed ? '' : ' yourself'}. It works once, until {fullTime(expiresAt, zone)}, and is not shown again.
      </p>
      <code className="new-key" data-link>
        {linkOf(token)}
      </code>
      <div>
        <CopyButton text={linkOf(token)} label="Copy link" />
      </div>
    </Dialog>
  );
}
