import type { Draft } from './draft';
import { Card } from '../ui/controls';
import { Choice, Flag, Line, Lines, NumberField, PageList, type FormProps } from './fields';
import { Rules } from './rules';

const ADDRESSES: readonly (readonly [Draft['ipAddress'], string, string])[] = [
  ['keep', 'Keep', 'Default. Stored as the installation’s ingest.ip_policy allows.'],
  ['truncate', 'Truncate', 'At most the first 24 bits of an IPv4 address, or 48 bits of an IPv6 address, are stored.'],
  ['drop', 'Drop', 'The address is not stored.'],
];

const SIGNALS: readonly (readonly [Draft['consentSignals'], string, string])[] = [
  ['drop', 'Store nothing', 'Nothing from these visitors is stored.'],
  ['anonymous', 'Anonymous', 'Default. Nothing that identifies the visitor or that the visitor typed is stored.'],
  ['ignore', 'Ignore', 'The signals have no effect. Make sure that the privacy laws that apply to you allow this.'],
];

const PUBLIC_LINKS: readonly (readonly [Draft['publicLinks'], string, string])[] = [
  ['off', 'Off', 'Public links are off; existing links stop working.'],
  ['masked', 'Masked', 'Default. Admins make links that leave out texts and pictures.'],
  ['any', 'Any', 'Admins also make links that show recordings as they are stored.'],
];

/** All settings, in cards. */
export function Settings({ form }: { form: FormProps }) {
  return (
    <>
      <Card title="Recording">
        <div className="stack">
          <Flag field="isRecording" about="Default: on. When off, events are stored without recordings." form={form} />
          <NumberField
            field="samplePercent"
            unit="%"
            min={0}
            max={100}
            step="any"
            about="Default: 100. The percentage of sessions that are recorded. A session is recorded completely or not at all. Events are stored for every session."
            form={form}
          />
        </div>
      </Card>
      <ConsoleAndNetwork form={form} />
      <Card title="Retention">
        <div className="stack">
          <p className="muted">
            Empty by default: everything is kept. Age counts from the last event of a session. What is older is removed
            within hours, including what is already stored.
          </p>
          <Days field="recordingsDays" about="The session and its events stay." form={form} />
          <Days
            field="eventsDays"
            about="Also removes the recording. The session stays in lists and analytics, with its counts."
            form={form}
          />
          <Days field="sessionsDays" about="Removes everything. Each run is listed under Erasures." form={form} />
          <Flag field="hold" about="Default: off. While on, retention removes nothing." form={form} />
        </div>
      </Card>
      <Card title="IP address">
        <p className="muted lead">
          How much of a visitor’s IP address is stored. The country is looked up first. If the installation has a
          stricter policy, that policy applies.
        </p>
        <Choice field="ipAddress" options={ADDRESSES} form={form} />
      </Card>
      <Card title="Privacy signals">
        <p className="muted lead">
          What happens when a browser sends Global Privacy Control (<code>Sec-GPC: 1</code>) or Do Not Track (
          <code>DNT: 1</code>).
        </p>
        <Choice field="consentSignals" options={SIGNALS} form={form} />
      </Card>
      <Scrubbing form={form} />
      <Card title="Images and fonts">
        <Lines
          field="assetHosts"
          placeholder="cdn.shop.example"
          about="Empty by default: any host. Images and fonts from these hosts are stored for replays. One host per line, without https:// or a path."
          form={form}
        />
      </Card>
      <Card title="Traces">
        <Line
          field="traceLink"
          placeholder="https://traces.example/trace/{traceId}"
          about="Empty by default: no link. The URL of a request’s trace, with {traceId} for the trace id. Requests have one if the SDK option traceHosts names their host."
          form={form}
        />
      </Card>
      <Rules form={form} />
      <Card title="Public links">
        <p className="muted lead">
          Whether admins may share one recording with people who have no account. A change applies at once, also to
          existing links.
        </p>
        <Choice field="publicLinks" options={PUBLIC_LINKS} form={form} />
      </Card>
      <Card title="Role marketing">
        <p className="muted lead">
          The pages that users with the role marketing may open. Default: all. A change applies with their next request.
        </p>
        <PageList form={form} />
      </Card>
    </>
  );
}

function ConsoleAndNetwork({ form }: { form: FormProps }) {
  return (
    <Card title="Console and network">
      <p className="muted lead">
        A page records what its SDK options ask for. These settings can only reduce that. What you switch off is no
        longer stored. Limits per minute apply to pages that load after you save.
      </p>
      <div className="stack">
        <Flag field="isConsole" about="Default: on." form={form} />
        <PerMinute
          field="consoleLines"
          about="Empty by default: only the SDK’s own limit. Each level counts separately."
          form={form}
        />
        <Flag field="isNetwork" about="Default: on." form={form} />
        <PerMinute
          field="networkRequests"
          about="Empty by default: only the SDK’s own limit. Failed requests, other calls and files count separately."
          form={form}
        />
        <Flag field="networkHeaders" about="Default: on. The page must also name each header." form={form} />
        <Flag field="networkBodies" about="Default: on. The page must also name the addresses." form={form} />
      </div>
    </Card>
  );
}

type NumberProps = Pick<Parameters<typeof NumberField>[0], 'field' | 'about' | 'form'>;

function PerMinute(props: NumberProps) {
  return <NumberField {...props} unit="per minute" min={1} max={10_000} step={1} placeholder="–" />;
}

function Days(props: NumberProps) {
  return <NumberField {...props} unit="days" min={1} max={3650} step={1} placeholder="–" />;
}

function Scrubbing({ form }: { form: FormProps }) {
  return (
    <Card title="Scrubbing">
      <p className="muted lead">
        Matches are replaced by <code>*</code> before anything is stored: in page text, inputs, URLs and event data.
        Default: all off. Data that is already stored does not change.
      </p>
      <div className="stack">
        <fieldset className="scopes">
          <legend className="hidden">What to scrub</legend>
          <Flag field="email" about="for example ada@shop.example" form={form} />
          <Flag field="card" about="with a valid check digit" form={form} />
          <Flag field="iban" about="with valid check digits" form={form} />
          <Flag
            field="phone"
            about="with a +, with a leading zero, or in North American format; other digits are left alone"
            form={form}
          />
          <Flag
            field="secrets"
            about="JSON Web Tokens, private keys, and API keys of CROW and well-known services"
            form={form}
          />
        </fieldset>
        <Lines
          field="queryParameters"
          placeholder="token"
          about="Default: empty. The values of these URL parameters are replaced. One name per line; case does not matter."
          form={form}
        />
      </div>
    </Card>
  );
}
