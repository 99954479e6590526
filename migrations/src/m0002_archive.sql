-- When the finished session was rewritten into one object; null: not since it last changed.
alter table sessions add column archived_at bigint;
create index sessions_unarchived on sessions (partition, updated_at)
    where status = 'closed' and archived_at is null;

-- The flush that was committed last: one whose answer was lost is not made twice.
alter table partitions add column flush_id text;
