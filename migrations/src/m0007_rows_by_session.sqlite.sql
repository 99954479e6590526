-- Rows of events and chunks are written and read by session. An index by their ids, which are
-- hashes, changed a page for each event. SQLite cannot drop a primary key, so both
-- tables are rewritten.
create table events_by_session (
    id text not null,
    session_id text not null,
    type text not null,
    name text,
    url text,
    window_id text not null,
    timestamp bigint not null,
    data text not null,
    created_at bigint not null,
    primary key (session_id, timestamp, id)
);
insert into events_by_session
    select id, session_id, type, name, url, window_id, timestamp, data, created_at from events;
drop table events;
alter table events_by_session rename to events;

create table chunks_by_session (
    id text not null,
    session_id text not null references sessions (id),
    chunk_index bigint not null,
    r2_key text not null,
    byte_offset bigint not null,
    byte_length bigint not null,
    window_id text not null,
    event_count bigint not null,
    replay_event_count bigint not null,
    -- Bytes before compression.
    size_bytes bigint not null,
    first_at bigint not null,
    last_at bigint not null,
    has_full_snapshot boolean not null default false,
    created_at bigint not null,
    primary key (session_id, chunk_index)
);
insert into chunks_by_session
    select id, session_id, chunk_index, r2_key, byte_offset, byte_length, window_id, event_count,
        replay_event_count, size_bytes, first_at, last_at, has_full_snapshot, created_at
    from replay_chunks;
drop table replay_chunks;
alter table chunks_by_session rename to replay_chunks;
create index replay_chunks_key on replay_chunks (r2_key);

-- As on Postgres.
alter table sessions add column due_minute bigint generated always as (due_at / 60000) virtual;
drop index sessions_due;
create index sessions_due on sessions (partition, due_minute) where status = 'open';
drop index sessions_unarchived;
create index sessions_unarchived on sessions (partition, started_at)
    where status = 'closed' and archived_at is null;
