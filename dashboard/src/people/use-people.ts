import { useQuery } from '@tanstack/react-query';
import { get } from '../api/client';
import type { PeoplePage, Person, PersonDetail, Timeline } from '../api/types';
import { link, useSearch } from '../router';
import { useSigned } from '../signin/session';
import { useRested } from '../ui/controls';
import { usePages } from '../ui/pages';

const PAGE = 50;

function usePeoplePath(): string {
  const { organizationId } = useSigned();
  return `/people/${encodeURIComponent(organizationId)}`;
}

/** Where the dashboard shows a person; null: nobody is named. */
export function personLink(person: { userId?: string | null; visitorId?: string | null }): string | null {
  if (person.userId) return link(`/people/user/${encodeURIComponent(person.userId)}`);
  return person.visitorId ? link(`/people/visitor/${encodeURIComponent(person.visitorId)}`) : null;
}

/** What the address asks for. */
export function usePeopleSource() {
  const path = usePeoplePath();
  const [search] = useSearch();
  const text = useRested(search.get('who') ?? undefined);
  return { path, params: { text, where: search.get('where') ?? undefined } };
}

/** The people that the address asks for, page by page. */
export function usePeople() {
  const { path, params: asked } = usePeopleSource();
  const query = usePages<PeoplePage>(['people', path, asked], path, { ...asked, limit: PAGE });
  const people: Person[] = query.data?.pages.flatMap((page) => page.people) ?? [];
  return { ...query, people };
}

export interface Name {
  kind: string;
  id: string;
}

const pathOf = (path: string, { kind, id }: Name): string =>
  `${path}/${encodeURIComponent(kind)}/${encodeURIComponent(id)}`;

export function usePerson(name: Name) {
  const path = pathOf(usePeoplePath(), name);
  return useQuery({ queryKey: ['people', path], queryFn: ({ signal }) => get<PersonDetail>(path, {}, signal) });
}

/** The person's sessions, page by page. */
export function useTimeline(name: Name) {
  const path = `${pathOf(usePeoplePath(), name)}/timeline`;
  const query = usePages<Timeline>(['people', path], path);
  return { ...query, sessions: query.data?.pages.flatMap((page) => page.sessions) ?? [] };
}
