/** Dashboards, as the server sends them. Times are milliseconds since the epoch. */
import type { Group } from '../sessions/conditions';

export type TileKind =
  | 'overview'
  | 'top'
  | 'events'
  | 'funnel'
  | 'journeys'
  | 'heatmap'
  | 'pages'
  | 'retention'
  | 'vitals'
  | 'sessions'
  | 'people'
  | 'issues';

type Parameters = Record<string, unknown>;

export interface NewTile {
  kind: TileKind;
  title: string;
  size: 'half' | 'full';
  /** The parameters of the question, as the API names them. */
  parameters: Parameters;
}

export interface Tile extends Omit<NewTile, 'kind' | 'parameters'> {
  /** `unknown`: a later version of CROW stored it. */
  kind: TileKind | 'unknown';
  /** Null: the question needs the scope `read`. */
  parameters: Parameters | null;
}

/** What is saved. */
export interface Draft {
  name: string;
  isShared: boolean;
  /** Null: whoever looks at it chooses. */
  lastHours: number | null;
  /** For all tiles; null: it needs the scope `read`. */
  where: Group[] | null;
  tiles: Tile[];
}

export interface Dashboard extends Draft {
  id: string;
  isOwn: boolean;
  mayChange: boolean;
  version: number;
  ownerName: string | null;
  createdAt: number;
  updatedAt: number;
}

export interface ListedDashboard {
  id: string;
  name: string;
  isShared: boolean;
  isOwn: boolean;
  tiles: number;
  ownerName: string | null;
  createdAt: number;
  updatedAt: number;
}
