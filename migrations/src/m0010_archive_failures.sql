-- A finished session that could not be archived: how often, and when it is tried again.
create table archive_failures (
    session_id text not null primary key,
    partition bigint not null,
    failures integer not null,
    not_before bigint not null,
    reason text not null
);
create index archive_failures_of_partition on archive_failures (partition);
