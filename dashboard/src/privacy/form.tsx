import type { Draft } from './draft';
import { Card } from '../ui/controls';
import { Choice, Flag, Lines, NumberField, type FormProps } from './fields';

const ADDRESSES: readonly (readonly [Draft['ipAddress'], string, string])[] = [
  ['keep', 'Keep', 'Default. What the installation keeps, by ingest.ip_policy.'],
  ['truncate', 'Truncate', 'At most the first 24 bits of IPv4 and the first 48 bits of IPv6.'],
  ['drop', 'Drop', 'Nothing of the address is stored.'],
];

const SIGNALS: readonly (readonly [Draft['consentSignals'], string, string])[] = [
  ['drop', 'Store nothing', 'Nothing of such a visitor is stored.'],
  ['anonymous', 'Anonymous', 'Default. Nothing is stored that names the visitor, and nothing that the visitor typed.'],
  ['ignore', 'Ignore', 'The signals change nothing. Check that your law allows this.'],
];

/** All settings, in cards. */
export function Settings({ form }: { form: FormProps }) {
  return (
    <>
      <Card title="Recording">
        <div className="stack">
          <Flag
            field="isRecording"
            about="Default: on. If off, events are stored, but no recordings for replay."
            form={form}
          />
          <NumberField
            field="samplePercent"
            unit="%"
            min={0}
            max={100}
            step="any"
            about="Default: 100. The share of sessions whose recording is stored. A session is recorded as a whole or not at all. Events of all sessions are stored."
            form={form}
          />
        </div>
      </Card>
      <Card title="Retention">
        <div className="stack">
          <NumberField
            field="sessionsDays"
            unit="days"
            min={1}
            max={3650}
            step={1}
            placeholder="never"
            about="Default: empty, which means never. Counted from the last event of a session. Older sessions are erased with their recordings within hours, also those that are stored already. Each round is listed under Erasures."
            form={form}
          />
          <Flag field="hold" about="Default: off. While it is on, nothing is erased because of its age." form={form} />
        </div>
      </Card>
      <Card title="IP address">
        <p className="muted lead">
          What is kept of a visitor’s address. The country is looked up before. The stricter of this setting and the
          installation’s applies.
        </p>
        <Choice field="ipAddress" options={ADDRESSES} form={form} />
      </Card>
      <Card title="Signals of the browser">
        <p className="muted lead">
          What happens when a browser sends Global Privacy Control (<code>Sec-GPC: 1</code>) or Do Not Track (
          <code>DNT: 1</code>).
        </p>
        <Choice field="consentSignals" options={SIGNALS} form={form} />
      </Card>
      <Scrubbing form={form} />
      <Card title="Pictures and fonts">
        <Lines
          field="assetHosts"
          placeholder="cdn.shop.example"
          about="Default: empty, which means any host. Hosts whose pictures and fonts are stored for replays, one per line, without https:// and path."
          form={form}
        />
      </Card>
    </>
  );
}

function Scrubbing({ form }: { form: FormProps }) {
  return (
    <Card title="Scrubbing">
      <p className="muted lead">
        Replaced by <code>*</code> before anything is stored: in texts of pages, inputs, addresses and custom data.
        Default: nothing. What is stored already stays as it is.
      </p>
      <div className="stack">
        <fieldset className="scopes">
          <legend className="hidden">What is replaced</legend>
          <Flag field="email" about="such as ada@shop.example" form={form} />
          <Flag field="card" about="whose check digit is right" form={form} />
          <Flag field="iban" about="whose check digits are right" form={form} />
          <Flag
            field="phone"
            about="with a +, a leading zero or in the North American form; other digits are left alone"
            form={form}
          />
          <Flag
            field="secrets"
            about="JSON web tokens, private keys, API keys of CROW and of well-known services"
            form={form}
          />
        </fieldset>
        <Lines
          field="queryParameters"
          placeholder="token"
          about="Default: empty. Names of query parameters whose values are replaced in addresses, one per line. Upper and lower case are the same."
          form={form}
        />
      </div>
    </Card>
  );
}
