-- Part of what tombstones are made with, so that they cannot be compared with those of another
-- installation. Empty until the first erasure.
alter table installation add column salt text not null default '';

-- Requests to erase, which last as a record of what was done. They do not name the person.
create table erasures (
    id text primary key,
    organization_id text not null,
    -- session, user, time, property or organization.
    kind text not null,
    -- What to look for once more when every message of before is processed; empty afterwards, so that the
    -- record does not name the person. JSON.
    subject text not null,
    -- The key that asked, or the command line.
    requested_by text not null,
    requested_at bigint not null,
    -- How many session rows it erased.
    sessions bigint not null,
    -- When every store was verified; null: not yet.
    completed_at bigint
);
create index erasures_newest on erasures (organization_id, requested_at, id);
create index erasures_incomplete on erasures (requested_at) where completed_at is null;

-- Rows of a session are removed together.
create index outbox_of_session on outbox (session_id);

-- What was found and removed in each store.
create table erasure_receipts (
    erasure_id text not null,
    store text not null,
    found bigint not null,
    removed bigint not null,
    -- When nothing was found any more; null: not yet.
    verified_at bigint,
    primary key (erasure_id, store)
){clustered};

-- The session rows of an erasure, for its jobs and for the verifier.
create table erased_sessions (
    erasure_id text not null,
    session_row text not null,
    -- As the SDK made it; empty once services that consume sessions know.
    session_id text not null,
    primary key (erasure_id, session_row)
){clustered};

-- The objects that held a part of an erased session.
create table erased_objects (
    erasure_id text not null,
    r2_key text not null,
    primary key (erasure_id, r2_key)
){clustered};

-- What must not come back: batches that were sent before the erasure and arrive after it.
create table tombstones (
    organization_id text not null,
    -- session, user or organization.
    kind text not null,
    -- HMAC-SHA256 of organization, kind and id, the first 16 bytes, hexadecimal.
    digest text not null,
    -- The partition whose session it is; null: any.
    partition bigint,
    erased_at bigint not null,
    -- What happened at or before this moment is refused.
    until bigint not null,
    expires_at bigint not null,
    primary key (organization_id, kind, digest)
){clustered};
create index tombstones_newest on tombstones (erased_at);
