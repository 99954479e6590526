-- What retention or an anonymizing took from the session: `recording`; `events`, with the
-- recording; `identity`, with both. Null: nothing.
alter table sessions add column removed text;

-- Finished sessions from which retention can take something.
create index sessions_with_chunks on sessions (organization_id, started_at)
    where status = 'closed' and chunk_count > 0;
create index sessions_with_recording on sessions (organization_id, started_at)
    where status = 'closed' and has_replay;

-- What becomes of the sessions: erase, anonymize or remove_events.
alter table erasures add column mode text not null default 'erase';
