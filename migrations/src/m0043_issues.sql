-- The errors of a session: a row for each issue, which the flush writes beside the session. Issues are
-- counted from these rows, so an erasure or the end of retention needs to correct no total.
create table session_errors (
    session_id text not null,
    -- Names the issue; see crates/issues.
    fingerprint text not null,
    organization_id text not null,
    -- Of the first and the last occurrence in the session, milliseconds since the epoch.
    first_at bigint not null,
    last_at bigint not null,
    occurrences bigint not null,
    -- Hash of who the visitor is, as in `session_facts`.
    person bigint not null,
    -- What the last occurrence says. Empty: nothing.
    kind text not null,
    message text not null,
    culprit text not null,
    page text not null,
    app_release text not null,
    -- The event of the last occurrence.
    event_id text not null,
    primary key (session_id, fingerprint)
){clustered};
-- All that a list of issues counts.
create index session_errors_by_issue on session_errors
    (organization_id, fingerprint, last_at, first_at, occurrences, person);
-- The releases that are known when an issue is resolved.
create index session_errors_by_time on session_errors (organization_id, last_at);

-- What people decided about an issue. It names no visitor, and outlasts the sessions: an issue that was
-- ignored stays ignored when it occurs again after months.
create table issues (
    organization_id text not null,
    fingerprint text not null,
    -- open, resolved or ignored.
    status text not null,
    -- Id of a user.
    assignee_id text,
    -- Milliseconds since the epoch; null: it is not resolved.
    resolved_at bigint,
    -- The releases that were known when it was resolved, each between line feeds. An occurrence in one of
    -- them does not bring the issue back.
    resolved_releases text not null default '',
    updated_at bigint not null,
    primary key (organization_id, fingerprint)
){clustered};
