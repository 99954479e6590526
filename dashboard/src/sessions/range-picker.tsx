import { dateTime, localInput } from '../format';
import { useTimeZone } from '../settings';
import { Button, Popover } from '../ui/controls';
import { RANGES, useFilters } from './filters';

export function RangePicker() {
  const { times, change } = useFilters();
  const zone = useTimeZone();
  const label =
    RANGES.find(([name]) => name === times.range)?.[1] ?? `${dateTime(times.from, zone)} – ${dateTime(times.to, zone)}`;
  return (
    <Popover
      title="Time range"
      button={(open, isOpen) => (
        <Button icon="clock" onClick={open} aria-expanded={isOpen}>
          {label}
        </Button>
      )}
    >
      {(close) => (
        <>
          {RANGES.map(([name, text]) => (
            <button
              key={name}
              type="button"
              className="item"
              aria-current={name === times.range}
              onClick={() => (change({ range: name, from: null, to: null }), close())}
            >
              {text}
            </button>
          ))}
          <form
            className="picker"
            onSubmit={(event) => {
              event.preventDefault();
              const form = new FormData(event.currentTarget);
              const [from, to] = [Date.parse(String(form.get('from'))), Date.parse(String(form.get('to')))];
              if (!(to > from)) return;
              change({ from, to, range: null });
              close();
            }}
          >
            <label className="labelled">
              From
              <input
                className="field"
                type="datetime-local"
                name="from"
                required
                defaultValue={localInput(times.from)}
              />
            </label>
            <label className="labelled">
              To
              <input className="field" type="datetime-local" name="to" required defaultValue={localInput(times.to)} />
            </label>
            <small className="muted">In the time zone of this computer</small>
            <Button type="submit" look="primary" small>
              Apply
            </Button>
          </form>
        </>
      )}
    </Popover>
  );
}
