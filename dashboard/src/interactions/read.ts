/** What the server says happened in a session. It quotes pages and their visitors, so nothing in it is to be trusted. */
import type { Interaction } from '../api/types';

export interface Claim {
  text: string;
  /** Moments that show it, in milliseconds after the session's start. */
  at: number[];
  /** Fields of the session that show it. */
  fields: string[];
}

export interface Product {
  id: string;
  name: string;
  /** Milliseconds. */
  viewedMs: number;
  views: number;
  added: boolean;
  bought: boolean;
  at: number[];
}

/** A product of the catalogue that the visit is about. */
export interface Match {
  id: string;
  name: string;
  /** What recognised it: `id`, `sku`, `path` or `name`. */
  by: string;
  /** From 0 to 1. */
  confidence: number;
  at: number[];
}

export interface Story {
  claims: Claim[];
  products: Product[];
  matches: Match[];
  /** The row of the table of confidences. */
  reason: string;
}

export const INTENTS = [
  ['purchase', 'Purchase', 'green'],
  ['checkout', 'Checkout', 'amber'],
  ['cart', 'Cart', 'amber'],
  ['compare', 'Compare', 'accent'],
  ['search', 'Search', 'accent'],
  ['browse', 'Browse', ''],
  ['bounce', 'Bounce', ''],
  ['inconclusive', 'Inconclusive', ''],
  ['bot', 'Bot', 'plum'],
] as const;

export const TAGS = [
  'abandoned_cart',
  'ai_unavailable',
  'bot',
  'dead_click',
  'error',
  'form_trouble',
  'gaps',
  'purchase',
  'rage_click',
  'search',
  'sign_up',
] as const;

const MAX_ITEMS = 200;

type Raw = Record<string, unknown>;
const object = (value: unknown): Raw => (typeof value === 'object' && value !== null ? (value as Raw) : {});
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value.slice(0, MAX_ITEMS) : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const number = (value: unknown): number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : 0;

export function storyOf({ evidence }: Pick<Interaction, 'evidence'>): Story {
  const { reason, claims, products, match, lines } = object(evidence);
  const moments = new Map(list(lines).map((line) => [object(line).line, number(object(line).atMs)]));
  const at = (numbers: unknown): number[] =>
    list(numbers)
      .map((one) => moments.get(one))
      .filter((one) => one !== undefined)
      .toSorted((a, b) => a - b);
  return {
    reason: text(reason),
    claims: list(claims)
      .map(object)
      .map((claim) => ({
        text: text(claim.text),
        at: at(claim.evidence),
        fields: list(claim.fields).map(text).filter(Boolean),
      }))
      .filter((claim) => claim.text),
    products: list(products)
      .map(object)
      .map((product) => ({
        id: text(product.id),
        name: text(product.name) || text(product.id),
        views: number(product.views),
        viewedMs: number(product.viewedMs),
        added: product.added === true,
        bought: product.bought === true,
        at: at(product.evidence),
      })),
    matches: list(match)
      .map(object)
      .map((found) => ({
        id: text(found.productId),
        name: text(found.name) || text(found.productId),
        by: text(found.by),
        confidence: number(found.confidence),
        at: at(found.evidence),
      }))
      .filter(({ id }) => id),
  };
}

/** Whether the summary is the claims and nothing more, so that one of them is enough. */
export const isOfClaims = (summary: string, { claims }: Story): boolean =>
  summary === claims.map((claim) => claim.text).join(' ');

/** What it is about. What services report has no products, but those of the catalogue that its text names. */
export const productsOf = ({ products, matches }: Story): string[] =>
  (products.length ? products : matches).map(({ name }) => name);

/**
 * Who wrote a summary: rules such as `rules/1`, the service that reported it, or the name of a model. Visitors can
 * influence what a model says.
 */
export function authorOf(source: string | null | undefined): string {
  if (!source) return 'Unknown author';
  if (source.startsWith('rules/')) return 'Written by rules';
  return source === 'caller' ? 'Written by the reporting service' : `Written by ${source}, unverified`;
}

/** `abandoned_cart` as `abandoned cart`. */
export const wordsOf = (tag: string): string => tag.replaceAll('_', ' ');
