-- Until when a session counts as live; null: it does not. In no index, since each sign of life
-- changes it: sessions that are live are looked for among those that are open.
alter table sessions add column live_until bigint;
create index sessions_open on sessions (organization_id, started_at, id) where status = 'open';

-- The SDK's id of the browser, which it keeps from visit to visit.
alter table sessions add column visitor_id text;
create index sessions_visitor on sessions (organization_id, visitor_id, started_at, id)
    where visitor_id is not null;

-- Orders events of one millisecond: the number of the batch, then the place in it.
alter table events add column place bigint not null default 0;
