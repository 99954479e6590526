import type { Interaction } from '../api/types';
import { clock, duration, percent, plural } from '../format';
import { link } from '../router';
import { Badges } from './badges';
import { authorOf, isOfClaims, storyOf, type Claim, type Match, type Product } from './read';
import './interactions.css';

interface Props {
  interaction: Interaction;
  from: number;
  onSeek: (at: number) => void;
}

/** What happened in the session, in words. Each claim leads to the moment that shows it. */
export function Summary({ interaction, from, onSeek }: Props) {
  const story = storyOf(interaction);
  const summary = interaction.summary ?? '';
  const seek = (at: number) => onSeek(from + at);
  return (
    <div className="details summary">
      <Badges interaction={interaction} />
      {!isOfClaims(summary, story) && <p className="foreign">{summary}</p>}
      <section>
        <h2>What happened</h2>
        <ol className="claims">
          {story.claims.map((claim, index) => (
            <ClaimRow key={index} claim={claim} onSeek={seek} />
          ))}
        </ol>
      </section>
      {story.products.length > 0 && (
        <section>
          <h2>Products</h2>
          <ul className="claims">
            {story.products.map((product) => (
              <ProductRow key={product.id} product={product} onSeek={seek} />
            ))}
          </ul>
        </section>
      )}
      {story.matches.length > 0 && (
        <section>
          <h2>Matches in the catalogue</h2>
          <ul className="claims">
            {story.matches.map((match) => (
              <MatchRow key={match.id} match={match} onSeek={seek} />
            ))}
          </ul>
        </section>
      )}
      <p className="muted foreign" title={interaction.summarySource ?? undefined}>
        {authorOf(interaction.summarySource)}
        {story.reason && `; intent from the rule “${story.reason}”`}
        {interaction.revision > 0 && `, revision ${interaction.revision}`}
      </p>
    </div>
  );
}

function ClaimRow({ claim: { text, at, fields }, onSeek }: { claim: Claim; onSeek: (at: number) => void }) {
  return (
    <li>
      <span className="foreign">{text}</span>
      <span className="moments">
        <Moments at={at} onSeek={onSeek} of={text} />
        {fields.length > 0 && <small className="muted foreign">from {fields.join(', ')}</small>}
      </span>
    </li>
  );
}

function ProductRow({ product, onSeek }: { product: Product; onSeek: (at: number) => void }) {
  const { name, id, views, viewedMs, added, bought, at } = product;
  const facts = [
    views > 0 && `viewed ${views === 1 ? 'once' : plural(views, 'time')}${viewedMs ? `, ${duration(viewedMs)}` : ''}`,
    added && 'added to the cart',
    bought && 'bought',
  ].filter(Boolean);
  return (
    <li>
      <span className="foreign">
        <b title={id}>{name}</b> <span className="muted">{facts.join(', ')}</span>
      </span>
      <span className="moments">
        <Moments at={at} onSeek={onSeek} of={name} />
      </span>
    </li>
  );
}

function MatchRow({ match: { id, name, by, confidence, at }, onSeek }: { match: Match; onSeek: (at: number) => void }) {
  return (
    <li>
      <a className="link foreign" href={link('/products', { q: id })} title={id}>
        {name}
      </a>{' '}
      <span className="muted foreign">
        by its {by === 'sku' ? 'SKU' : by}, {percent(confidence, 0)} sure
      </span>
      <span className="moments">
        <Moments at={at} onSeek={onSeek} of={name} />
      </span>
    </li>
  );
}

const MOST = 6;

function Moments({ at, of, onSeek }: { at: number[]; of: string; onSeek: (at: number) => void }) {
  // One button a second: the others look the same and lead to the same place.
  const isFirst = (time: number, index: number) => at.findIndex((other) => clock(other) === clock(time)) === index;
  return at
    .filter(isFirst)
    .slice(0, MOST)
    .map((time) => (
      <button
        key={time}
        type="button"
        className="moment number"
        aria-label={`Go to ${clock(time)}: ${of.slice(0, 80)}`}
        onClick={() => onSeek(time)}
      >
        {clock(time)}
      </button>
    ));
}
