-- Imports of catalogues from sites: the newest of each organization.
create table site_imports (
    organization_id text primary key,
    id text not null,
    -- Where it starts: a page or a sitemap.
    url text not null,
    -- `waiting`, `running`, `done`, `failed` or `cancelled`.
    state text not null,
    -- Why it failed, in words.
    failure text,
    -- Who asked for it.
    requested_kind text not null,
    requested_by text not null,
    created_at bigint not null,
    -- Null: not yet.
    finished_at bigint,
    -- Grows with each process that takes it. Who took it before can no longer write.
    epoch bigint not null,
    -- How long the process that took it is believed to be alive.
    claimed_until bigint not null,
    pages_found bigint not null,
    pages_read bigint not null,
    -- Products: new, changed, the same, and left out. The first three are known at the end.
    created bigint not null,
    updated bigint not null,
    unchanged bigint not null,
    refused bigint not null,
    -- What was left out and why, the first 100: a JSON array.
    problems text not null
);
create index site_imports_open on site_imports (created_at) where state in ('waiting', 'running');
