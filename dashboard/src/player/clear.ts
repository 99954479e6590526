/** A picture of one clear pixel: nothing is drawn, and what names it stays valid. */
export const CLEAR = 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';
