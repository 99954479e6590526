-- Keys of organizations, wrapped with a master key that is not in the database. The one with the highest
-- number wraps new keys of sessions.
create table organization_keys (
    organization_id text not null,
    number bigint not null,
    -- Which master key wrapped it.
    master text not null,
    wrapped bytea not null,
    created_at bigint not null,
    primary key (organization_id, number)
){clustered};

-- The key of a session, wrapped with a key of its organization. Its objects cannot be read without it.
create table session_keys (
    session_id text not null primary key,
    organization_id text not null,
    -- organization_keys.number
    organization_key bigint not null,
    wrapped bytea not null
){clustered};
