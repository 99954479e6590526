-- Events live in objects. What lists ask of them is with the session: the types and names of its events
-- (eight bytes each), and the addresses of its pages, each followed by a line feed.
alter table sessions add column terms bytea not null default x'';
alter table sessions add column urls text not null default '';

-- Of each event in the chunk the last eight bytes of its id, so that it counts once. Empty in rows of an
-- earlier release, which wrote the events as rows, and in rows of an archive.
alter table replay_chunks add column event_ids bytea not null default x'';
