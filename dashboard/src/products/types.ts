/** Products, as the server sends them. Times are milliseconds since the epoch. */

export interface Product {
  /** What the events of the shop name. */
  id: string;
  name: string;
  /** In one line. */
  description: string | null;
  sku: string | null;
  category: string | null;
  /** Minor units of the currency, such as cents. */
  priceMinor: number | null;
  /** ISO 4217. */
  currency: string | null;
  url: string | null;
  /** Of `url`. */
  path: string | null;
  imageUrl: string | null;
  updatedAt: number;
}

export interface ProductPage {
  products: Product[];
  nextCursor: string | null;
  /** Says that a search by meaning was answered by words. */
  note?: string | null;
}

/** The fields that a person fills in; what is left out is removed. */
export type ProductFields = Pick<Product, 'name'> &
  Partial<Pick<Product, 'description' | 'sku' | 'category' | 'priceMinor' | 'currency' | 'url' | 'imageUrl'>>;

export interface ActiveProduct {
  id: string;
  /** Null: it is not in the catalogue. */
  name: string | null;
  interactions: number;
  /** How often it was looked at. */
  views: number;
  /** Interactions that put it into the cart. */
  added: number;
  purchased: number;
  /** Interactions that added it and did not purchase it. */
  abandoned: number;
}

export interface Activity {
  products: ActiveProduct[];
}

export interface Imported {
  created: number;
  updated: number;
  unchanged: number;
  failed: number;
  /** The first hundred. */
  errors: { line: number; field: string; message: string }[];
}

/** An import from a site. */
export interface SiteImport {
  id: string;
  /** Where it starts. */
  url: string;
  state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
  failure: string | null;
  pagesFound: number;
  pagesRead: number;
  /** Known when it is done. */
  created: number;
  updated: number;
  unchanged: number;
  /** Products and pages that were left out. */
  failed: number;
  /** Why, the first hundred. */
  problems: { url: string; product: number | null; field: string | null; message: string }[];
}
