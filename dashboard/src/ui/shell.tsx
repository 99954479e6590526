import { useEffect, useState, type ReactNode } from 'react';
import { barrierOf, MARKETING_PAGES } from '../admin/pages';
import { Bell } from '../notifications/bell';
import { link, usePlace } from '../router';
import { Search, SearchButton } from '../search/open';
import { applyTheme, ownTimeZone, theme, timeZone, type Theme } from '../settings';
import { useSigned } from '../signin/session';
import { useChoice } from '../store';
import { Button } from './controls';
import { Icon, Mark, type IconName } from './icons';
import { Shortcuts } from './shortcuts';
import { Toast } from './toast';

const LINKS: [title: string | null, links: [page: string, label: string, icon: IconName][]][] = [
  [
    null,
    [
      ['sessions', MARKETING_PAGES.sessions, 'sessions'],
      ['collections', 'Collections', 'save'],
      ['interactions', 'Interactions', 'page'],
      ['products', 'Products', 'tag'],
      ['people', 'People', 'user'],
      ['errors', 'Errors', 'error'],
      ['alerts', 'Alerts', 'bell'],
    ],
  ],
  [
    'Analytics',
    [
      ['dashboards', 'Dashboards', 'dashboard'],
      ['overview', MARKETING_PAGES.overview, 'overview'],
      ['events', MARKETING_PAGES.events, 'events'],
      ['funnels', 'Funnels', 'funnel'],
      ['journeys', MARKETING_PAGES.journeys, 'journeys'],
      ['heatmaps', MARKETING_PAGES.heatmaps, 'heatmap'],
      ['retention', MARKETING_PAGES.retention, 'retention'],
      ['vitals', MARKETING_PAGES.vitals, 'vitals'],
    ],
  ],
  [
    'Admin',
    [
      ['setup', 'Install', 'setup'],
      ['members', 'Members', 'user'],
      ['privacy', 'Privacy', 'shield'],
      ['erasures', 'Erasures', 'erase'],
      ['keys', 'API keys', 'keys'],
      ['audit', 'Audit log', 'clock'],
      ['health', 'Health', 'health'],
      ['letters', 'Dead letters', 'letters'],
      ['source-maps', 'Source maps', 'setup'],
    ],
  ],
];

const THEMES: [Theme, IconName, string][] = [
  ['light', 'sun', 'Light theme'],
  ['dark', 'moon', 'Dark theme'],
  ['system', 'screen', 'System theme'],
];

/** Parameters of all analytics pages. Switching pages keeps them. */
const CARRIED = [
  'range',
  'from',
  'to',
  'userId',
  'visitorId',
  'country',
  'device',
  'browser',
  'os',
  'url',
  'eventType',
  'eventName',
  'minDuration',
  'maxDuration',
  'errors',
  'rageClicks',
  'deadClicks',
  'hasReplay',
  'live',
  'referrer',
  'bot',
  'text',
  'where',
];

export function Shell({ page, children }: { page: string; children: ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  const place = usePlace();
  useEffect(() => setOpen(false), [place]);
  return (
    <div className="shell">
      <button type="button" className="skip-link button primary" onClick={skip}>
        Skip to the content
      </button>
      <div className="top">
        <Button icon="menu" label="Menu" aria-expanded={isOpen} onClick={() => setOpen(true)} />
        <div className="brand">
          <Mark size={24} /> CROW
        </div>
        <div className="tools">
          <SearchButton />
          <Bell />
        </div>
      </div>
      {isOpen && <button type="button" className="veil" aria-label="Close the menu" onClick={() => setOpen(false)} />}
      <Side page={page} isOpen={isOpen} />
      <main className="main" id="main" tabIndex={-1}>
        {children}
      </main>
      <Search />
      <Shortcuts page={page} />
      <Toast />
    </div>
  );
}

/** A link to `#main` would change the app's location, which is in the fragment. */
const skip = (): void => document.getElementById('main')?.focus();

function Side({ page, isOpen }: { page: string; isOpen: boolean }) {
  const { search } = usePlace();
  const signed = useSigned();
  const carried = Object.fromEntries([...search].filter(([name]) => CARRIED.includes(name)));
  const open = LINKS.map(
    ([title, links]) => [title, links.filter(([name]) => !barrierOf(name, signed))] as const,
  ).filter(([, links]) => links.length > 0);
  return (
    <nav className={`side ${isOpen ? 'open' : ''}`} aria-label="Pages">
      <div className="side-head">
        <div className="brand">
          <Mark /> CROW
        </div>
        <div className="tools">
          <SearchButton />
          <Bell />
        </div>
      </div>
      {open.map(([title, links]) => (
        <div key={title ?? ''}>
          {title && <h3>{title}</h3>}
          {links.map(([name, label, icon]) => (
            <a
              key={name}
              className="nav"
              href={link(`/${name}`, title === 'Admin' ? {} : carried)}
              aria-current={name === page ? 'page' : undefined}
            >
              <Icon name={icon} /> {label}
            </a>
          ))}
        </div>
      ))}
      <Foot />
    </nav>
  );
}

function Foot() {
  const { organizationId, keyPrefix, user, signOut } = useSigned();
  const [chosen, setTheme] = useChoice(theme);
  const [zone, setZone] = useChoice(timeZone);
  const choose = (next: Theme) => {
    setTheme(next);
    applyTheme(next);
  };
  return (
    <div className="foot">
      <select className="field" aria-label="Time zone" value={zone} onChange={(event) => setZone(event.target.value)}>
        <option value="">{ownTimeZone} (this computer)</option>
        <option value="UTC">UTC</option>
        {Intl.supportedValuesOf('timeZone').map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      <div className="choices">
        {THEMES.map(([name, icon, label]) => (
          <Button key={name} icon={icon} label={label} aria-pressed={name === chosen} onClick={() => choose(name)} />
        ))}
        <Button icon="exit" label="Sign out" onClick={() => void signOut()} />
      </div>
      <div className="organization">
        <b className="cut">{organizationId}</b>
        {user ? (
          <a className="cut foreign" href={link('/account')} title={user.email}>
            {user.name}
          </a>
        ) : (
          <span className="mono">{keyPrefix}…</span>
        )}
      </div>
    </div>
  );
}
