import type { Properties } from '../types';

/** Who the person is said to be; outlives pages. */
export interface Identity {
  userId?: string;
  traits?: Properties;
  groups?: Properties;
  /** Super properties. */
  props?: Properties;
  /** The same in each visit with this browser, until the person opts out or is forgotten. */
  visitorId?: string;
}
