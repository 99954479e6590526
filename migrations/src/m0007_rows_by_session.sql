-- Rows of events and chunks are written and read by session. An index by their ids, which are
-- hashes, changed a page for each event.
alter table events drop constraint events_pkey;
drop index events_of_session;
alter table events add primary key (session_id, timestamp, id);
alter table replay_chunks drop constraint replay_chunks_pkey;
alter table replay_chunks add constraint replay_chunks_pkey
    primary key using index replay_chunks_of_session;

-- Sessions change with each flush. If no indexed column changed, Postgres updates the row and no
-- index. So due sessions are found by their due minute, and those to archive by their start.
alter table sessions add column due_minute bigint generated always as (due_at / 60000) stored;
drop index sessions_due;
create index sessions_due on sessions (partition, due_minute) where status = 'open';
drop index sessions_unarchived;
create index sessions_unarchived on sessions (partition, started_at)
    where status = 'closed' and archived_at is null;
-- Room for the next version of a row beside it.
alter table sessions set (fillfactor = 70);
alter table session_facts set (fillfactor = 70);
