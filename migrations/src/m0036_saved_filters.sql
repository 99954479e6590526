-- Filters of the list of sessions that somebody gave a name.
create table saved_filters (
    id text primary key,
    organization_id text not null,
    -- Id of the user or the key that saved it.
    owner_id text not null,
    name text not null,
    -- The parameters of the dashboard's address.
    query text not null,
    -- Whether everybody in the organization sees it.
    is_shared boolean not null,
    created_at bigint not null,
    updated_at bigint not null
);
create unique index saved_filters_name on saved_filters (organization_id, owner_id, name);
create index saved_filters_shared on saved_filters (organization_id) where is_shared;
