-- Where an organization is told of its alerts by HTTP.
create table webhook_endpoints (
    id text not null,
    organization_id text not null,
    -- standard or slack.
    kind text not null,
    name text not null,
    -- The part of the URL that may be shown.
    shown_url text not null,
    -- The URL and the secrets that sign, as JSON. Sealed with a key of its own, unless `master` is empty.
    sealed bytea not null,
    -- That key, wrapped with the master key.
    wrapped bytea not null,
    -- Names the master key. Empty: there was none.
    master text not null,
    -- Grows with each change.
    version bigint not null,
    -- Since when every attempt failed, milliseconds since the epoch; null: the last one arrived.
    failing_since bigint,
    -- Null: it is in use.
    disabled_at bigint,
    created_at bigint not null,
    updated_at bigint not null,
    primary key (id)
){clustered};
create index webhook_endpoints_of_organization on webhook_endpoints (organization_id);

-- What an organization wants to be told of, and the state of each rule.
create table alerts (
    id text not null,
    organization_id text not null,
    name text not null,
    -- What is watched, and when it is told, as JSON.
    rule text not null,
    -- Whom to tell: a JSON list of endpoints and users.
    targets text not null,
    tells_resolved boolean not null,
    is_enabled boolean not null,
    -- Id of a user or a key.
    created_by text not null,
    created_at bigint not null,
    updated_at bigint not null,
    -- Since when the condition holds, milliseconds since the epoch; null: it does not.
    firing_since bigint,
    -- When it was told last.
    fired_at bigint,
    -- What was counted last, and what it was compared with.
    value double precision,
    threshold double precision,
    evaluated_at bigint,
    -- Why the last evaluation failed.
    failure text,
    due_at bigint not null,
    -- Who evaluates it holds it until then.
    claimed_until bigint not null,
    -- Grows with each claim and each change.
    epoch bigint not null,
    primary key (id)
){clustered};
create index alerts_of_organization on alerts (organization_id, claimed_until);
create index alerts_due on alerts (due_at) where is_enabled;

-- The issues that a rule knows: those that were there before it, and those that it has told. It is the
-- rule's cursor, and is written with the deliveries.
create table alert_issues (
    alert_id text not null,
    fingerprint text not null,
    -- Of the regression that was told; 0: the issue itself.
    resolved_at bigint not null,
    organization_id text not null,
    primary key (alert_id, fingerprint, resolved_at)
){clustered};

-- Messages about alerts. They hold ids and numbers; what a visitor wrote is read when they are sent.
create table webhook_deliveries (
    -- What receivers recognise a repeat by.
    id text not null,
    organization_id text not null,
    -- webhook or user.
    target_kind text not null,
    target_id text not null,
    -- Null: of no rule, such as a test.
    alert_id text,
    -- What it tells, such as alert.firing.
    event text not null,
    -- JSON.
    content text not null,
    -- pending, delivered, exhausted or cancelled.
    state text not null,
    -- Attempts that ended.
    attempts bigint not null,
    next_at bigint not null,
    -- Who sends it holds it until then.
    claimed_until bigint not null,
    -- Grows with each claim and each replay.
    epoch bigint not null,
    -- HTTP status of the last attempt.
    status bigint,
    -- Why the last attempt failed, or why there was none.
    failure text,
    created_at bigint not null,
    finished_at bigint,
    primary key (id)
){clustered};
create index webhook_deliveries_waiting on webhook_deliveries (target_kind, target_id, next_at, id)
    where state = 'pending';
create index webhook_deliveries_claimed on webhook_deliveries
    (target_kind, organization_id, claimed_until) where state = 'pending';
create index webhook_deliveries_of_target on webhook_deliveries
    (organization_id, target_id, created_at, id);
create index webhook_deliveries_by_time on webhook_deliveries (created_at);
