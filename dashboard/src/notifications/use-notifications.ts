import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../api/client';
import type { NotificationPage } from '../api/types';
import { useSigned } from '../signin/session';
import { usePages } from '../ui/pages';

const REFRESH_MS = 30_000;
const PAGE = 20;

/** One's notifications, newest first, page by page; and how many are unread. */
export function useNotifications() {
  const { organizationId, user } = useSigned();
  const list = usePages<NotificationPage>(
    ['notifications', organizationId, user?.id],
    `/notifications/${organizationId}`,
    { limit: PAGE },
    { refetchInterval: REFRESH_MS, refetchOnWindowFocus: 'always' },
  );
  const rows = list.data?.pages.flatMap(({ notifications }) => notifications) ?? [];
  return { ...list, rows, unread: list.data?.pages[0]?.unread ?? 0 };
}

/** Marks one notification, or all that were seen, as read. */
export function useRead() {
  const { organizationId } = useSigned();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (seen: { id: string } | { until: number }) => {
      const path = `/notifications/${organizationId}`;
      return 'id' in seen
        ? call(`${path}/${encodeURIComponent(seen.id)}/read`, { method: 'POST' })
        : call(`${path}/read`, { method: 'POST', params: { until: seen.until } });
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ['notifications'] }),
  });
}
