-- What happened, in words: one row for each finished session, and for what other channels report.
create table interactions (
    -- Of a session: `sessions.id`. There is one interaction for each.
    id text primary key,
    organization_id text not null,
    -- web, cctv or social.
    source_type text not null,
    -- The SDK's id.
    session_id text,
    -- `sessions.id`; null: not of a session.
    session_row text,
    -- Of the session that the row tells of. A higher one replaces it.
    revision bigint not null,
    -- What was announced, JSON.
    data text not null,
    summary text,
    -- Who wrote the summary: `rules/1`, or a model.
    summary_source text,
    intent text,
    -- 0 to 1.
    confidence double precision,
    -- JSON lists.
    tags text,
    product_ids text,
    -- JSON: claims, products and the lines that they rest on.
    evidence text,
    -- What the search looks into, in lower case.
    words text not null,
    -- When it happened.
    timestamp bigint not null,
    created_at bigint not null
);
create index interactions_newest on interactions (organization_id, timestamp, id);
create index interactions_of_session on interactions (session_row);
