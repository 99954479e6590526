-- Rows of events and chunks are written and read by session. An index by their ids, which are
-- hashes, changed a page for each event.
alter table events drop constraint events_pkey;
drop index events_of_session;
alter table events add primary key (session_id, timestamp, id);
alter table replay_chunks drop constraint replay_chunks_pkey;
alter table replay_chunks add constraint replay_chunks_pkey
    primary key using index replay_chunks_of_session;
