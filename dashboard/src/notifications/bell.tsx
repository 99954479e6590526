import { useKeyNames } from '../admin/use-key-names';
import { serverNow } from '../api/client';
import type { Notification } from '../api/types';
import { ago } from '../format';
import { useTimeZone } from '../settings';
import { useSigned } from '../signin/session';
import { Button, Popover } from '../ui/controls';
import { Loaded } from '../ui/states';
import { useNotifications, useRead } from './use-notifications';
import { wordsOf } from './words';
import './bell.css';

/** The notifications of a user. Who signed in with a key has none. */
export function Bell() {
  const { user } = useSigned();
  return user ? <OwnBell /> : null;
}

function OwnBell() {
  const { unread } = useNotifications();
  return (
    <div className="bell">
      <Popover
        title="Notifications"
        button={(open, isOpen) => (
          <Button
            icon="bell"
            label={unread ? `Notifications, ${unread} unread` : 'Notifications'}
            aria-expanded={isOpen}
            onClick={open}
          />
        )}
      >
        {(close) => <News close={close} />}
      </Popover>
      {unread > 0 && (
        <span className="badge" aria-hidden="true">
          {unread > 99 ? '99+' : unread}
        </span>
      )}
    </div>
  );
}

function News({ close }: { close: () => void }) {
  const list = useNotifications();
  const read = useRead();
  const { isAdmin } = useSigned();
  const names = { nameOfKey: useKeyNames(isAdmin), timeZone: useTimeZone() };
  const newest = list.rows[0]?.createdAt;
  return (
    <>
      <header>
        <b>Notifications</b>
        {newest !== undefined && list.unread > 0 && (
          <Button small look="quiet" disabled={read.isPending} onClick={() => read.mutate({ until: newest })}>
            Mark all as read
          </Button>
        )}
      </header>
      <Loaded query={list} height={40}>
        {() => (list.rows.length ? null : <p className="menu-title">There is nothing new.</p>)}
      </Loaded>
      <ul>
        {list.rows.map((one) => (
          <li key={one.id}>
            <Row
              notification={one}
              {...wordsOf(one, names)}
              timeZone={names.timeZone}
              onOpen={() => (one.readAt === null && read.mutate({ id: one.id }), close())}
            />
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <Button small look="quiet" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Show older
        </Button>
      )}
    </>
  );
}

interface RowProps {
  notification: Notification;
  text: string;
  href?: string;
  timeZone: string;
  onOpen: () => void;
}

function Row({ notification: { readAt, createdAt }, text, href, timeZone, onOpen }: RowProps) {
  const content = (
    <>
      <span className="dot" data-unread={readAt === null}>
        {readAt === null && <span className="hidden">Unread: </span>}
      </span>
      <span className="text">
        <span className="foreign">{text}</span>
        <small>{ago(createdAt, serverNow(), timeZone)}</small>
      </span>
    </>
  );
  return href ? (
    <a className="item" href={href} onClick={onOpen}>
      {content}
    </a>
  ) : (
    <button type="button" className="item" onClick={onOpen}>
      {content}
    </button>
  );
}
