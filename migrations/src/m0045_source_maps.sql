-- Source maps of an organization: from its built scripts to their sources. The maps are objects, and
-- rows with the same content share one.
create table source_maps (
    id text primary key,
    organization_id text not null,
    -- The version of the page.
    app_release text not null,
    -- The path of the script's address.
    path text not null,
    -- Names script and map by their content, wherever they are. Empty: unknown.
    debug_id text not null,
    -- SHA-256 of the map.
    content_hash bytea not null,
    object_key text not null,
    -- Bytes of the map, and of its object, which is compressed.
    byte_length bigint not null,
    stored_length bigint not null,
    -- Milliseconds since the epoch.
    uploaded_at bigint not null,
    -- Who uploaded it, as in the audit log.
    uploaded_kind text not null,
    uploaded_by text not null
){clustered};
create unique index source_maps_by_path on source_maps (organization_id, app_release, path);
create index source_maps_by_debug_id on source_maps (organization_id, debug_id);
create index source_maps_by_content on source_maps (organization_id, content_hash);
create index source_maps_by_object on source_maps (object_key);
