-- One compact row a session, which the flush writes beside the session: all that analytics
-- reads. Kept in the order in which it is read: a sample of a tenant's sessions in a range
-- of time lies together.
create table session_facts (
    session_id text not null references sessions (id) on delete cascade,
    organization_id text not null,
    -- 0 to 16: how many trailing zero bits the visitor's hash has. Levels from k on hold one
    -- visitor in 2^k.
    sample_level integer not null,
    started_at bigint not null,
    -- What the session row says; see crates/db/src/analytics/facts.rs.
    facts bytea not null,
    -- What happened in it, a few bytes an event; see crates/db/src/analytics/steps.rs.
    steps bytea not null,
    primary key (organization_id, sample_level, started_at, session_id)
){clustered};
create unique index session_facts_session on session_facts (session_id);
