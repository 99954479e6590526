-- The page of the dashboard that a saved filter belongs to.
alter table saved_filters add column page text not null default 'sessions';
-- Each page shows its own filters, so names are unique there.
drop index saved_filters_name;
create unique index saved_filters_name on saved_filters (organization_id, owner_id, page, name);

-- Questions of analytics, side by side, that people of the organization put together.
create table dashboards (
    id text not null,
    organization_id text not null,
    -- Id of the user or the key that made it.
    owner_id text not null,
    name text not null,
    -- Whether everybody in the organization sees it.
    is_shared boolean not null,
    -- Its range, its conditions and its tiles, as JSON.
    content text not null,
    -- How many tiles it has.
    tiles bigint not null,
    -- Grows with each change.
    version bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    primary key (id)
){clustered};
create index dashboards_of_organization on dashboards (organization_id, owner_id);

-- Lists of sessions that people of the organization put together.
create table collections (
    id text not null,
    organization_id text not null,
    name text not null,
    -- What it is for; may be empty.
    note text not null,
    -- Id of the user or the key that made it.
    created_by text not null,
    created_at bigint not null,
    updated_at bigint not null,
    primary key (id)
){clustered};
create unique index collections_name on collections (organization_id, name);

-- The sessions of each collection. Erased with the session.
create table collection_sessions (
    collection_id text not null,
    session_id text not null,
    organization_id text not null,
    -- Id of the user or the key that added it.
    added_by text not null,
    added_at bigint not null,
    primary key (collection_id, session_id)
){clustered};
create index collection_sessions_of_session on collection_sessions (session_id);
