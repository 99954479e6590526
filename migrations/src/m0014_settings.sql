-- What an organization decided about its data, as one JSON document. `version` grows with each change.
create table organization_settings (
    organization_id text not null primary key,
    settings text not null,
    version bigint not null,
    updated_at bigint not null,
    updated_by text not null
){clustered};

-- JSON: what the visitor agreed to, and the signal of the browser that the gateway acted on.
alter table sessions add column consent text;
