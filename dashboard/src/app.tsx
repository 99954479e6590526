import { lazy, Suspense, useEffect, type ComponentType } from 'react';
import { barrierOf, firstPage, MARKETING_PAGES } from './admin/pages';
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
  errors: lazy(() => import('./issues/page')),
  people: lazy(() => import('./people/page')),
  alerts: lazy(() => import('./alerts/page')),
  overview: lazy(() => import('./analytics/overview')),
  dashboards: lazy(() => import('./boards/page')),
  collections: lazy(() => import('./collections/page')),
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
  'source-maps': lazy(() => import('./admin/source-maps')),
  privacy: lazy(() => import('./privacy/page')),
  erasures: lazy(() => import('./erasures/page')),
  members: lazy(() => import('./accounts/members')),
  account: lazy(() => import('./accounts/account')),
  audit: lazy(() => import('./accounts/audit')),
};

const SessionPage = lazy(() => import('./session/page'));
const IssuePage = lazy(() => import('./issues/issue'));
const BoardPage = lazy(() => import('./boards/board'));
const CollectionPage = lazy(() => import('./collections/collection'));
const PersonPage = lazy(() => import('./people/person'));

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
  const first = firstPage(useSigned());
  useEffect(() => {
    if (!name) navigate(link(`/${first}`), { replace: true });
  }, [name, first]);
  return (
    <Shell page={name ?? first}>
      <Crash key={parts.join('/')}>
        <Suspense fallback={<Skeleton height={3} />}>
          <Shown name={name ?? first} id={id} />
        </Suspense>
      </Crash>
    </Shell>
  );
}

function Shown({ name, id }: { name: string; id: string | undefined }) {
  if (name === 'sessions' && id) return <OneSession id={id} />;
  if (name === 'people' && id) return <OnePerson id={id} />;
  if (name === 'dashboards' && id) return <BoardPage key={id} />;
  if (name === 'collections' && id) return <OneCollection id={id} />;
  return name === 'errors' && id ? <OneIssue id={id} /> : <Page name={name} />;
}

function OneIssue({ id }: { id: string }) {
  const { mayWatch } = useSigned();
  return mayWatch ? <IssuePage key={id} /> : <NoRecordings />;
}

function OnePerson({ id }: { id: string }) {
  const { mayWatch } = useSigned();
  return mayWatch ? <PersonPage key={id} /> : <NoRecordings />;
}

function OneCollection({ id }: { id: string }) {
  const { mayWatch } = useSigned();
  return mayWatch ? <CollectionPage key={id} /> : <NoRecordings />;
}

function OneSession({ id }: { id: string }) {
  const { mayWatch } = useSigned();
  return mayWatch ? <SessionPage key={id} /> : <NoRecordings />;
}

function NoRecordings() {
  return (
    <Empty icon="shield" title="You cannot open this page">
      You can see session lists and statistics, with personal data masked. For more, ask an admin of your organization
      for the role member.
    </Empty>
  );
}

function NeedsAdmin() {
  return (
    <Empty icon="keys" title="Only admins can open this page">
      Your role or key has no admin rights. Ask an admin of your organization, or sign in with a key that has the scope
      admin: <code>crow keys create --scope admin</code>.
    </Empty>
  );
}

function Closed() {
  const { pages } = useSigned();
  const open = (pages ?? []).map((page) => MARKETING_PAGES[page] ?? page);
  return (
    <Empty icon="shield" title="This page is closed to the role marketing">
      {open.length ? `You can open: ${open.join(', ')}.` : 'You cannot open any page.'} An admin of your organization
      chooses the pages under Privacy.
    </Empty>
  );
}

const BARRIERS = { 'needs-admin': NeedsAdmin, 'needs-recordings': NoRecordings, closed: Closed };

function Page({ name }: { name: string }) {
  const barrier = barrierOf(name, useSigned());
  const Found = Object.hasOwn(pages, name) ? pages[name] : undefined;
  if (!Found) {
    return (
      <Empty
        title="Page not found"
        actions={<Button onClick={() => navigate(link('/sessions'))}>Show sessions</Button>}
      >
        The link may come from another version of CROW.
      </Empty>
    );
  }
  const Refusal = barrier && BARRIERS[barrier];
  return Refusal ? <Refusal /> : <Found key={name} />;
}
