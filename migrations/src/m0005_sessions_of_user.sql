-- With the id the order of the list follows from the index. Without it SQLite took the index
-- of all sessions, and read them all.
drop index sessions_user;
create index sessions_user on sessions (organization_id, user_id, started_at, id) where user_id is not null;
