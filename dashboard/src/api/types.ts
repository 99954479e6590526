/** Answers of the server, from its OpenAPI document. Times are milliseconds since the epoch. */
import type { Group } from '../sessions/conditions';
import type { components, operations } from './schema';

type Schemas = components['schemas'];

export type Session = Schemas['SessionView'];
export type SessionPage = Omit<Schemas['SessionList'], 'sessions'> & { sessions: Session[] };
export type SessionEvent = Schemas['EventView'];
export type EventPage = Schemas['EventList'];
export type Gap = Schemas['Gap'];

/** A line of a replay: `r` an rrweb event, `e` an interaction. Streamed, so not in the document. */
export interface ReplayLine {
  w: string;
  k: 'r' | 'e';
  t: number;
  s?: number | null;
  d: unknown;
}

export type SignedIn = Schemas['SignInView'];
export type SignIn = Schemas['ListedSignIn'];
export type Invited = Schemas['OpenInvitation'];
export type Ways = Schemas['Ways'];
export type Passkey = Schemas['PasskeyView'];

export type User = Schemas['MemberView'];
export type Invitation = Schemas['InvitationView'];
export type SavedFilter = Schemas['FilterView'];
export type Cohort = Schemas['CohortView'];
export type CohortDefinition = Schemas['CohortDefinition'];
export type PersonTest = Schemas['PersonTest'];
export type Notification = Schemas['NotificationView'];
export type NotificationPage = Schemas['NotificationList'];
/** A link that is handed out once. */
export type HandedOut = Schemas['PasswordLink'];
export type AuditEntry = Schemas['AuditView'];
export type AuditPage = Schemas['AuditList'];

/** A public link to a recording. */
export type ReplayLink = Schemas['LinkView'];
export type NewReplayLink = Schemas['NewLink'];
/** What a public link shows. */
export type Shared = Schemas['SharedView'];
export type Note = Schemas['NoteView'];
export type KnownTag = Schemas['TagView'];

export type Interaction = Schemas['InteractionView'];
export type InteractionPage = Schemas['InteractionList'];
export type InteractionCounts = Schemas['InteractionCounts'];
export type RangeAnalysis = Schemas['Analysis'];
export type Finding = Schemas['Finding'];

export type Issue = Schemas['IssueView'];
export type IssuePage = Omit<Schemas['IssueList'], 'issues'> & { issues: Issue[] };
export type IssueDetail = Schemas['IssueDetailView'];
export type IssueSession = Schemas['IssueSessionView'];
export type IssuePart = Schemas['PartView'];
export type Stack = Schemas['StackView'];
export type Frame = Schemas['FrameView'];
export type Original = Schemas['OriginalView'];
export type SourceMap = Schemas['SourceMapView'];
export type SourceMapPage = Schemas['SourceMapList'];
export type Assignee = Schemas['AssigneeView'];

export type Person = Schemas['PersonView'];
export type PeoplePage = Omit<Schemas['PeopleList'], 'people'> & { people: Person[] };
export type PersonDetail = Schemas['PersonDetailView'];
export type PersonPart = Schemas['PersonPartView'];
export type PersonSession = Schemas['TimelineSessionView'];
export type Timeline = Schemas['TimelineView'];

export type Counted = Schemas['FacetValue'];
export type Facets = Schemas['FacetList'];

/** Each answer has the share of sessions that were read, and the time it took. */
export interface Measured {
  sampleRate: number;
  tookMs: number;
}

export type Totals = Schemas['Totals'];
export type Bucket = Schemas['OverviewPoint'];
export type Overview = Schemas['Answer_Overview'];
export type Dimension = operations['top']['parameters']['query']['dimension'];
export type Top = Schemas['Answer_Top'];
export type EventCounts = Schemas['Answer_EventCounts'];
export type FunnelStep = Omit<Schemas['FunnelStep'], 'where'> & { where?: Group[] };
export type Funnel = Schemas['Answer_Funnel'];
export type Journeys = Schemas['Answer_Journeys'];
export type HeatKind = Schemas['HeatmapKind'];
export type ViewportClass = Schemas['ViewportClass'];
export type Heatmap = Schemas['Answer_Heatmap'];
export type Pages = Schemas['Answer_Pages'];
export type Retention = Schemas['Answer_Retention'];
export type Vitals = Schemas['Answer_WebVitals'];

export type Key = Schemas['KeyView'];
export type NewKey = Schemas['NewKey'];
export type Health = Schemas['HealthView'];
export type Usage = Schemas['UsageView'];
export type UsageDay = Schemas['UsageDay'];
export type Letter = Schemas['LetterView'];

export type Settings = Schemas['OrganizationSettings'];
export type IssueRule = Schemas['IssueRule'];
export type DashboardPage = Schemas['DashboardPage'];
export type StoredSettings = Schemas['SettingsView'];
export type Consent = Schemas['ConsentView'];

/** What an erasure is about; exactly one field. */
export type Subject = Omit<Schemas['EraseWhat'], 'mode'>;
export type ErasureMode = Schemas['ErasureMode'];
export type ErasurePreview = Schemas['ErasurePreview'];
export type Erasure = Schemas['ErasureView'];
export type Receipt = Schemas['ReceiptView'];
export type ErasurePage = Schemas['ErasureList'];
