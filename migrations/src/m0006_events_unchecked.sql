-- Postgres looks for the session of each event: half of what an insert takes. A flush writes
-- the sessions of its events before them, in the same transaction.
alter table events drop constraint if exists events_session_id_fkey;
