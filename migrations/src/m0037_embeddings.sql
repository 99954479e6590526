-- Texts as vectors, for search by meaning. A vector goes with what it was made of.
create table embeddings (
    organization_id text not null,
    -- What it is of: `interaction`.
    kind text not null,
    -- Its id.
    owner_id text not null,
    -- `sessions.id`; null: not of a session.
    session_row text,
    -- What made it. Vectors of different models cannot be compared.
    model text not null,
    dimension bigint not null,
    -- One signed byte for each dimension.
    vector bytea not null,
    primary key (organization_id, kind, owner_id)
){clustered};
create index embeddings_of_session on embeddings (session_row) where session_row is not null;
