-- What was decided when the installation was created.
create table installation (
    id bigint primary key,
    partitions bigint not null,
    created_at bigint not null
);

-- One row a partition: who owns it, and how far its stream is processed.
create table partitions (
    id bigint primary key,
    epoch bigint not null default 0,
    owner text,
    lease_until bigint not null default 0,
    -- Incarnation of the stream that the checkpoint counts in, nanoseconds since the epoch.
    stream_created bigint not null default 0,
    checkpoint bigint not null default 0,
    updated_at bigint not null default 0
);

-- Keepers that are alive, to divide the partitions evenly.
create table keepers (
    id text primary key,
    alive_until bigint not null
);

-- One row a visit: one generation of a session id.
create table sessions (
    id text primary key,
    organization_id text not null,
    session_id text not null,
    generation integer not null,
    revision integer not null,
    status text not null,
    end_reason text,
    partition bigint not null,
    -- When the session ends if nothing more comes; null once it is closed.
    due_at bigint,
    started_at bigint not null,
    last_activity_at bigint not null,
    last_event_at bigint not null,
    ended_at bigint,
    duration_ms bigint not null,
    referrer text,
    initial_url text,
    exit_url text,
    user_id text,
    traits text,
    user_agent text,
    ip_address text,
    country text,
    device_type text,
    browser text,
    os text,
    is_bot boolean not null default false,
    locale text,
    timezone text,
    viewport text,
    screen text,
    sdk_name text,
    sdk_version text,
    platform text,
    has_replay boolean not null default false,
    exit_context text,
    event_count bigint not null default 0,
    pageview_count bigint not null default 0,
    click_count bigint not null default 0,
    input_count bigint not null default 0,
    error_count bigint not null default 0,
    rage_click_count bigint not null default 0,
    replay_event_count bigint not null default 0,
    chunk_count bigint not null default 0,
    max_scroll_depth bigint not null default 0,
    -- JSON: per window what batches were seen, see session-core.
    windows text not null,
    created_at bigint not null,
    updated_at bigint not null
);
create unique index sessions_generation on sessions (organization_id, session_id, generation);
create index sessions_newest on sessions (organization_id, started_at, id);
create index sessions_user on sessions (organization_id, user_id, started_at) where user_id is not null;
create index sessions_due on sessions (partition, due_at) where status = 'open';

create table events (
    id text primary key,
    session_id text not null references sessions (id),
    type text not null,
    name text,
    url text,
    window_id text not null,
    timestamp bigint not null,
    data text not null,
    created_at bigint not null
);
create index events_of_session on events (session_id, timestamp, id);

-- One row a chunk: one session's part of one flush, as a byte range of an object.
create table replay_chunks (
    id text primary key,
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
    created_at bigint not null
);
create unique index replay_chunks_of_session on replay_chunks (session_id, chunk_index);
create index replay_chunks_key on replay_chunks (r2_key);

-- Announcements to make. The id is the completion id: session row and revision.
create table outbox (
    id text primary key,
    partition bigint not null,
    session_id text not null references sessions (id),
    revision integer not null,
    created_at bigint not null,
    sent_at bigint
);
create index outbox_unsent on outbox (partition, created_at) where sent_at is null;

create table api_keys (
    id text primary key,
    organization_id text not null,
    name text not null,
    -- SHA-256 of the whole key, hexadecimal; the key itself is shown once and never stored.
    key_hash text not null,
    -- First characters of the key, to recognise it in a list.
    prefix text not null,
    -- Comma-separated: ingest, read, admin.
    scopes text not null,
    -- Comma-separated origins that may use an ingest key; null: any.
    allowed_origins text,
    created_at bigint not null,
    revoked_at bigint
);
create unique index api_keys_hash on api_keys (key_hash);

create table audit_log (
    id text primary key,
    organization_id text not null,
    at bigint not null,
    action text not null,
    subject text not null
);
create index audit_log_newest on audit_log (organization_id, at);

-- Objects that nothing refers to any more, to be removed by the sweeper.
create table object_garbage (
    r2_key text primary key,
    since bigint not null
);
