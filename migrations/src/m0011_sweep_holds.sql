-- While one of these has not expired, the sweeper removes no object: a backup is copying objects, or
-- a restored database does not know the newest of them.
create table sweep_holds (
    id text primary key,
    until bigint not null
);
