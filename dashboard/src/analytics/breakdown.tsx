/** What funnels and retention can be split by. The server has the same words. */
const BREAKDOWNS: [string, string][] = [
  ['', 'No breakdown'],
  ['country', 'Country'],
  ['device', 'Device'],
  ['browser', 'Browser'],
  ['os', 'Operating system'],
  ['channel', 'Channel'],
  ['referrerGroup', 'Source'],
  ['utmSource', 'UTM source'],
  ['utmMedium', 'UTM medium'],
  ['utmCampaign', 'UTM campaign'],
];

export function BreakdownField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <label className="labelled">
      Break down by
      <select className="field" value={value} onChange={(event) => onChange(event.target.value)}>
        {BREAKDOWNS.map(([name, text]) => (
          <option key={name} value={name}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

/** A value as people read it. */
export const valueText = (value: string): string => (!value || value === '(none)' ? 'unknown' : value);
