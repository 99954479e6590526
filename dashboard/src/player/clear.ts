/** A picture of one clear pixel: nothing is drawn, and what names it stays valid. */
export const CLEAR = 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';

/** A picture that is none: the browser shows that it is missing, as it did to the visitor. */
export const BROKEN = 'data:image/png,';
