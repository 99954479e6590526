import type { Properties } from '../types';

/** Who the person is said to be; outlives pages. */
export interface Identity {
  userId?: string;
  traits?: Properties;
  groups?: Properties;
  /** Super properties. */
  props?: Properties;
}
