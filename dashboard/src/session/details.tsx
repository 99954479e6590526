import type { ReactNode } from 'react';
import type { Gap, Session } from '../api/types';
import { count, country, duration, exactCount, fullTime } from '../format';
import type { Report } from '../player/sanitize-parts';
import { personLink } from '../people/use-people';
import { useTimeZone } from '../settings';
import { Icon, type IconName } from '../ui/icons';
import { referrerOf } from '../sessions/referrer';
import type { Moment } from './events';

interface Props {
  session: Session;
  moments: Moment[];
  report: Report | null;
  gaps: Gap[];
}

export function Details({ session, moments, report, gaps }: Props) {
  const zone = useTimeZone();
  const { counts } = session;
  return (
    <div className="details">
      <Group icon="user" title="Person">
        <Fact name="User">
          {session.userId ? (
            <a className="link" href={personLink(session) ?? ''}>
              {session.userId}
            </a>
          ) : (
            'not identified'
          )}
        </Fact>
        {session.visitorId && (
          <Fact name="Visitor id">
            <a
              className="link mono"
              href={personLink({ visitorId: session.visitorId }) ?? ''}
              title="The person with this browser"
            >
              {session.visitorId}
            </a>
          </Fact>
        )}
        {Object.entries((session.traits ?? {}) as Record<string, unknown>).map(([name, value]) => (
          <Fact key={name} name={name}>
            {typeof value === 'object' ? JSON.stringify(value) : String(value)}
          </Fact>
        ))}
        <Fact name="Referrer">{referrerOf(session) ?? 'Direct'}</Fact>
      </Group>
      <Group icon="place" title="Place">
        <Fact name="Country">{session.country ? country(session.country) : 'unknown'}</Fact>
        <Fact name="IP address">{session.ipAddress ?? 'not stored'}</Fact>
        <Fact name="Language">{session.locale ?? 'unknown'}</Fact>
        <Fact name="Time zone">{session.timezone ?? 'unknown'}</Fact>
      </Group>
      <Group icon="desktop" title="Device">
        <Fact name="Type">{session.deviceType ?? 'unknown'}</Fact>
        <Fact name="Browser">{session.browser ?? 'unknown'}</Fact>
        <Fact name="Operating system">{session.os ?? 'unknown'}</Fact>
        <Fact name="Viewport">{session.viewport ?? 'unknown'}</Fact>
        <Fact name="Screen">{session.screen ?? 'unknown'}</Fact>
        <Fact name="SDK">
          {[session.sdk.name, session.sdk.version, session.sdk.platform].filter(Boolean).join(' ') || 'unknown'}
        </Fact>
      </Group>
      <ValidationErrors moments={moments} />
      <Group icon="clock" title="Session">
        <Fact name="Started">{fullTime(session.startedAt, zone)}</Fact>
        <Fact name="Ended">
          {session.endedAt
            ? `${fullTime(session.endedAt, zone)} (${ENDS[session.endReason ?? ''] ?? session.endReason})`
            : 'not yet'}
        </Fact>
        <Fact name="Duration">{duration(session.durationMs)}</Fact>
        <Fact name="Pages, clicks, inputs">
          {[counts.pageviews, counts.clicks, counts.inputs].map(count).join(', ')}
        </Fact>
        <Fact name="Scroll depth">{session.maxScrollDepth}%</Fact>
        <Fact name="Replay events">{exactCount(counts.replayEvents)}</Fact>
        <Fact name="Session id">
          <span className="mono">{session.sessionId}</span>
        </Fact>
        {session.revision > 0 && <Fact name="Revision">{session.revision} (data arrived after the session ended)</Fact>}
      </Group>
      <Group icon="shield" title="Privacy and completeness">
        <Fact name="Consent">{consentText(session.consent)}</Fact>
        <Masked report={report} />
        {gaps.length === 0 ? (
          <p>Everything that the browser sent has arrived.</p>
        ) : (
          gaps.map((gap) => <Missing key={`${gap.windowId} ${gap.firstSeq}`} gap={gap} />)
        )}
      </Group>
    </div>
  );
}

const ENDS: Record<string, string> = {
  idle: 'idle timeout',
  ended: 'ended by the app',
  max_duration: 'maximum duration',
  erased: 'erased',
};

const SIGNALS: Record<string, string> = { gpc: 'Global Privacy Control', dnt: 'Do Not Track' };

/** What the visitor agreed to, and the signal of the browser that was acted on. */
function consentText(consent: Session['consent']): string {
  const { state, version, signal } = consent ?? {};
  const said = state && `${state}${version ? `, version ${version}` : ''}`;
  const sent = signal && `the browser sent ${SIGNALS[signal] ?? signal}, so nothing is stored that names the visitor`;
  return [said, sent].filter(Boolean).join('; ') || 'not stated';
}

function Group({ icon, title, children }: { icon: IconName; title: string; children: ReactNode }) {
  return (
    <section>
      <h2>
        <Icon name={icon} size={16} /> {title}
      </h2>
      <div className="facts-grid">{children}</div>
    </section>
  );
}

const MOST_PROBLEMS = 20;

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <dl className="fact">
    <dt className="foreign">{name}</dt>
    <dd className="foreign">{children}</dd>
  </dl>
);

/** What forms have refused. */
function ValidationErrors({ moments }: { moments: Moment[] }) {
  const problems = moments.filter((moment) => moment.kind === 'invalid');
  const shown = problems.slice(0, MOST_PROBLEMS);
  if (!problems.length) return null;
  return (
    <Group icon="error" title={`Validation errors (${exactCount(problems.length)})`}>
      {shown.map(({ id, detail }) => (
        <p key={id} className="foreign">
          {detail}
        </p>
      ))}
      {problems.length > shown.length && (
        <p className="muted">{exactCount(problems.length - shown.length)} more are in the list of events.</p>
      )}
    </Group>
  );
}

function Masked({ report }: { report: Report | null }) {
  if (!report) return null;
  const { masked, scripts, handlers, remote } = report;
  const hidden = [
    masked.fields && `${masked.fields} fields`,
    masked.texts && `${masked.texts} texts`,
    masked.blocks && `${masked.blocks} blocked areas`,
  ].filter(Boolean);
  return (
    <>
      <p>
        {hidden.length
          ? `Masked in the browser before anything was sent: ${hidden.join(', ')}. The original cannot be recovered.`
          : 'Nothing was masked on the pages loaded so far.'}
      </p>
      {scripts + handlers + remote > 0 && (
        <p>
          Not shown:{' '}
          {[
            scripts && `${scripts} scripts`,
            handlers && `${handlers} event handlers`,
            remote && `${remote} files from other hosts`,
          ]
            .filter(Boolean)
            .join(', ')}
          . A replay runs no scripts and contacts no other host.
        </p>
      )}
    </>
  );
}

function Missing({ gap }: { gap: Gap }) {
  const zone = useTimeZone();
  const many = gap.lastSeq - gap.firstSeq + 1;
  return (
    <p className="missing">
      <Icon name="error" size={14} /> {many === 1 ? 'A part' : `${many} parts`} of window{' '}
      <span className="mono">{gap.windowId.slice(-6) || 'main'}</span> never arrived (noticed{' '}
      {fullTime(gap.since, zone)}).
    </p>
  );
}
