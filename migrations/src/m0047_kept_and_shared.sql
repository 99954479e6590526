-- Public links, each to the recording of one session.
create table replay_links (
    id text primary key,
    organization_id text not null,
    -- The row of the session. The link is erased with it.
    session_id text not null,
    -- SHA-256 of the secret in the link, hexadecimal; the secret itself is never stored.
    secret_hash text not null,
    -- Whether texts and pictures of the page are left out.
    is_masked boolean not null,
    -- The part of the recording, milliseconds since the epoch. Null: from its beginning, to its end.
    from_at bigint,
    to_at bigint,
    -- Id of the user or the key that made it.
    created_by text not null,
    created_at bigint not null,
    expires_at bigint not null,
    -- How often it was opened, and when last.
    opened bigint not null,
    last_opened_at bigint
);
create index replay_links_of_organization on replay_links (organization_id, created_at);
create index replay_links_of_session on replay_links (session_id);

-- What people of the organization wrote about a moment of a session. Erased with the session.
create table session_notes (
    id text primary key,
    organization_id text not null,
    -- The row of the session.
    session_id text not null,
    -- Id of the user or the key that wrote it.
    author_id text not null,
    -- The moment of the recording, milliseconds since the epoch.
    noted_at bigint not null,
    note text not null,
    created_at bigint not null,
    updated_at bigint not null
);
create index session_notes_of_session on session_notes (session_id, noted_at);

-- Words that people of the organization gave sessions, in lower case. Erased with the session.
create table session_tags (
    session_id text not null,
    tag text not null,
    organization_id text not null,
    -- Id of the user or the key that gave it.
    created_by text not null,
    created_at bigint not null,
    primary key (session_id, tag)
){clustered};
create index session_tags_by_tag on session_tags (organization_id, tag, session_id);

-- Who has watched a session. Erased with the session.
create table session_watches (
    session_id text not null,
    -- Id of a user or a key.
    watcher_id text not null,
    organization_id text not null,
    watched_at bigint not null,
    primary key (session_id, watcher_id)
){clustered};
