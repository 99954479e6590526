-- Addresses of pictures and fonts that are asked for: enough sessions have shown them, or a style
-- sheet names them. The row is also the lock of what happens to an address.
create table asset_urls (
    organization_id text not null,
    -- 128 bits of SHA-256 over the organization and the address.
    url_hash bytea not null,
    url text not null,
    -- When a session last showed it, to the day.
    shown_at bigint not null,
    -- When its newest version was last uploaded; null: never.
    checked_at bigint,
    primary key (organization_id, url_hash)
){clustered};

-- What was found at an address, from which moment on.
create table asset_versions (
    organization_id text not null,
    url_hash bytea not null,
    first_seen_at bigint not null,
    -- SHA-256 of the bytes.
    content_hash bytea not null,
    -- The same bytes under several addresses are one object.
    object_key text not null,
    mime_type text not null,
    byte_length bigint not null,
    primary key (organization_id, url_hash, first_seen_at)
);
create index asset_versions_content on asset_versions (organization_id, content_hash);
create index asset_versions_object on asset_versions (object_key);

-- Sessions that showed an address while it was not asked for. A row a session and address, kept for a month.
create table asset_witnesses (
    organization_id text not null,
    url_hash bytea not null,
    session_hash bigint not null,
    shown_at bigint not null,
    primary key (organization_id, url_hash, session_hash)
){clustered};

-- What a session has shown, so that an asset lives as long as a session that needs it. One row a report.
create table asset_refs (
    organization_id text not null,
    -- As the SDK made it.
    session_id text not null,
    -- Hash of `urls`: a report that comes twice changes nothing.
    part bigint not null,
    -- The first 8 bytes of each url_hash.
    urls bytea not null,
    created_at bigint not null,
    primary key (organization_id, session_id, part)
){clustered};
