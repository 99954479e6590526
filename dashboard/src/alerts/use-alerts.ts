import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get } from '../api/client';
import type { IssuePage } from '../api/types';
import { useAssignees } from '../issues/use-issues';
import { useSigned } from '../signin/session';
import { usePages } from '../ui/pages';
import type { Alerts, DeliveryPage, Webhook } from './types';

/** Alerts are evaluated each minute, and messages arrive within seconds. */
const REFRESH_MS = 10_000;
/** A message that was just made arrives within a second or two. */
const SENDING_MS = 1_000;
const PAGE = 50;
/** Errors that a rule may be about, the latest ones. */
const ISSUES = 50;

export function usePaths(): { alerts: string; webhooks: string; issues: string } {
  const { organizationId } = useSigned();
  const of = encodeURIComponent(organizationId);
  return { alerts: `/alerts/${of}`, webhooks: `/webhooks/${of}`, issues: `/issues/${of}` };
}

export function useAlerts() {
  const { alerts: path } = usePaths();
  return useQuery({
    queryKey: ['alerts', path],
    queryFn: ({ signal }) => get<Alerts>(path, {}, signal),
    refetchInterval: REFRESH_MS,
  });
}

export function useWebhooks() {
  const { webhooks: path } = usePaths();
  return useQuery({
    queryKey: ['alerts', path],
    queryFn: ({ signal }) => get<{ webhooks: Webhook[] }>(path, {}, signal),
    refetchInterval: REFRESH_MS,
  });
}

const isSending = (page?: DeliveryPage): boolean =>
  !!page?.deliveries.some(({ state, attempts }) => state === 'pending' && attempts === 0);

/** The messages for a webhook, newest first, page by page. */
export function useDeliveries(id: string) {
  const { webhooks } = usePaths();
  const path = `${webhooks}/${encodeURIComponent(id)}/deliveries`;
  const query = usePages<DeliveryPage>(
    ['alerts', path],
    path,
    { limit: PAGE },
    { refetchInterval: ({ state }) => (isSending(state.data?.pages[0]) ? SENDING_MS : REFRESH_MS) },
  );
  return { ...query, deliveries: query.data?.pages.flatMap(({ deliveries }) => deliveries) ?? [] };
}

/** Who and what can be told, with names. */
export function useTargets(): { kind: 'webhook' | 'user'; id: string; name: string }[] {
  const { data } = useWebhooks();
  const webhooks = (data?.webhooks ?? []).map(({ id, name }) => ({ kind: 'webhook' as const, id, name }));
  const people = useAssignees().map(({ id, name }) => ({ kind: 'user' as const, id, name }));
  return [...webhooks, ...people];
}

/** The latest errors, for a rule about one of them. */
export function useLatestIssues(isNeeded: boolean) {
  const { issues: path } = usePaths();
  const { data } = useQuery({
    queryKey: ['issues', path, 'latest'],
    queryFn: ({ signal }) => get<IssuePage>(path, { limit: ISSUES }, signal),
    enabled: isNeeded,
  });
  return data?.issues ?? [];
}

/** A change, after which everything about alerts is asked for again. */
export function useChange<A, T>(change: (given: A) => Promise<T>, done?: (result: T) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (result) => done?.(result),
    onSettled: () => client.invalidateQueries({ queryKey: ['alerts'] }),
  });
}
