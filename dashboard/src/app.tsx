import { lazy, Suspense, useEffect, type ComponentType } from 'react';
import { ADMIN_PAGES, WATCHERS_PAGES } from './admin/pages';
import { link, navigate, usePlace } from './router';
import { SignedInOnly, useSigned } from './signin/session';
import { SessionsPage } from './sessions/page';
import { Button } from './ui/controls';
import { Shell } from './ui/shell';
import { Crash, Empty, Skeleton } from './ui/states';

const pages: Record<string, ComponentType> = {
  sessions: SessionsPage,
  interactions: lazy(() => import('./interactions/page')),
  products: lazy(() => import('./products/page')),
  overview: lazy(() => import('./analytics/overview')),
  events: lazy(() => import('./analytics/events')),
  funnels: lazy(() => import('./analytics/funnels')),
  journeys: lazy(() => import('./analytics/journeys')),
  heatmaps: lazy(() => import('./analytics/heatmaps')),
  retention: lazy(() => import('./analytics/retention')),
  vitals: lazy(() => import('./analytics/vitals')),
  setup: lazy(() => import('./admin/setup')),
  keys: lazy(() => import('./admin/keys')),
  health: lazy(() => import('./admin/health')),
  letters: lazy(() => import('./admin/letters')),
  privacy: lazy(() => import('./privacy/page')),
  erasures: lazy(() => import('./erasures/page')),
  members: lazy(() => import('./accounts/members')),
  account: lazy(() => import('./accounts/account')),
  audit: lazy(() => import('./accounts/audit')),
};

const SessionPage = lazy(() => import('./session/page'));

export function App() {
  return (
    <SignedInOnly>
      <Pages />
    </SignedInOnly>
  );
}

function Pages() {
  const { parts } = usePlace();
  const [name, id] = parts;
  useEffect(() => {
    if (!name) navigate(link('/sessions'), { replace: true });
  }, [name]);
  return (
    <Shell page={name ?? 'sessions'}>
      <Crash key={parts.join('/')}>
        <Suspense fallback={<Skeleton height={3} />}>
          {name === 'sessions' && id ? <OneSession id={id} /> : <Page name={name ?? 'sessions'} />}
        </Suspense>
      </Crash>
    </Shell>
  );
}

function OneSession({ id }: { id: string }) {
  const { mayWatch } = useSigned();
  return mayWatch ? <SessionPage key={id} /> : <NoRecordings />;
}

function NoRecordings() {
  return (
    <Empty icon="shield" title="Your role shows no recordings">
      You see sessions in lists and statistics, with personal data masked. Ask an admin of your organization for the
      role member.
    </Empty>
  );
}

function Page({ name }: { name: string }) {
  const { isAdmin, mayWatch } = useSigned();
  const Found = Object.hasOwn(pages, name) ? pages[name] : undefined;
  if (!Found) {
    return (
      <Empty
        title="Page not found"
        actions={<Button onClick={() => navigate(link('/sessions'))}>Show sessions</Button>}
      >
        The link may come from another version.
      </Empty>
    );
  }
  if (ADMIN_PAGES.has(name) && !isAdmin) {
    return (
      <Empty icon="keys" title="This page needs an admin">
        Your role or key may only read. Ask an admin of your organization, or sign in with a key that has the scope
        admin: <code>crow keys create --scope admin</code>.
      </Empty>
    );
  }
  if (WATCHERS_PAGES.has(name) && !mayWatch) return <NoRecordings />;
  return <Found key={name} />;
}
