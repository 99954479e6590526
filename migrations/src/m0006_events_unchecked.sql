-- Postgres looks up the session of each event, which is half of the cost of an insert. A flush writes
-- the sessions of its events before them, in the same transaction.
alter table events drop constraint if exists events_session_id_fkey;
