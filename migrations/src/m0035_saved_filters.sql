-- A filter of the list of sessions, with a name.
create table saved_filters (
    id text primary key,
    organization_id text not null,
    -- Id of the user or key that saved it.
    owner_id text not null,
    name text not null,
    -- The query string of the list.
    query text not null,
    -- Whether everybody in the organization sees it.
    is_shared boolean not null,
    created_at bigint not null,
    updated_at bigint not null
);
create index saved_filters_of_organization on saved_filters (organization_id, owner_id);
