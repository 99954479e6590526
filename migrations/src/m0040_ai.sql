-- Language models: what they answered, what was asked of them, and what an organization may still ask.
--
-- Answers, so that the same question is not paid for twice.
create table ai_answers (
    organization_id text not null,
    -- SHA-256 of task, version, model and input.
    key text not null,
    -- `sessions.id`; null: about no session.
    session_row text,
    -- JSON, as the model wrote it.
    answer text not null,
    expires_at bigint not null,
    primary key (organization_id, key)
){clustered};
create index ai_answers_of_session on ai_answers (session_row) where session_row is not null;
create index ai_answers_of_ranges on ai_answers (organization_id) where session_row is null;
create index ai_answers_old on ai_answers (expires_at);
-- One row for each call, for billing. Nothing of what was asked or answered.
create table ai_calls (
    id text primary key,
    organization_id text not null,
    at bigint not null,
    task text not null,
    -- The name of the model in the settings.
    model text not null,
    outcome text not null,
    input_tokens bigint not null,
    output_tokens bigint not null,
    latency_ms bigint not null
){clustered};
create index ai_calls_newest on ai_calls (organization_id, at);
create index ai_calls_old on ai_calls (at);
-- Tokens of an organization on a day, with those of calls that have not ended.
create table ai_usage (
    organization_id text not null,
    -- Days since the epoch, UTC.
    day bigint not null,
    tokens bigint not null,
    primary key (organization_id, day)
){clustered};
