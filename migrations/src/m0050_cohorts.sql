-- Conditions over people that somebody gave a name. Who fits is found out when it is asked.
create table cohorts (
    id text primary key,
    organization_id text not null,
    -- Id of the user or the key that saved it.
    owner_id text not null,
    name text not null,
    -- JSON: the conditions, and how many days back they look.
    definition text not null,
    -- Whether it is in everybody's list.
    is_shared boolean not null,
    created_at bigint not null,
    updated_at bigint not null
);
create unique index cohorts_name on cohorts (organization_id, owner_id, name);
create index cohorts_shared on cohorts (organization_id) where is_shared;
