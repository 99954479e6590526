-- Visits that rules told because no language model did. Models are asked again about them.
create table ai_retries (
    -- `sessions.id`.
    session_row text primary key,
    organization_id text not null,
    -- Of the interaction that rules wrote.
    revision bigint not null,
    -- When they wrote it, milliseconds since the epoch. The newest is asked about first.
    told_at bigint not null,
    -- Attempts, with those that were interrupted.
    attempts bigint not null,
    -- When it is due. The process that asks holds it until then.
    next_at bigint not null,
    -- Grows with each claim. The process that held it before can no longer write.
    epoch bigint not null
){clustered};
create index ai_retries_newest on ai_retries (organization_id, told_at);
create index ai_retries_old on ai_retries (told_at);
