import type { Interaction } from '../api/types';
import { percent } from '../format';
import { INTENTS, wordsOf } from './read';

/** How far the visitor got, how sure that is, and the tags. */
export function Badges({ interaction: { intent, confidence, tags } }: { interaction: Interaction }) {
  const [, label, look] = INTENTS.find(([name]) => name === intent) ?? ['', intent, ''];
  return (
    <span className="badges">
      {label && <span className={`badge foreign ${look}`}>{label}</span>}
      {typeof confidence === 'number' && (
        <span className="muted number" title="Confidence, from the table in docs/interactions.md">
          {percent(confidence, 0)} sure
        </span>
      )}
      {tags
        ?.filter((tag) => tag !== intent)
        .map((tag) => (
          <span key={tag} className="badge foreign">
            {wordsOf(tag)}
          </span>
        ))}
    </span>
  );
}
