-- What an organization used on a day. Rows are only added to, with what is stored: erasing takes nothing away,
-- because they name no visitor.
create table usage_counts (
    organization_id text not null,
    -- Days since the epoch, UTC.
    day bigint not null,
    -- `events` or `interactions`.
    kind text not null,
    -- Writers do not wait for each other: each partition has a row of its own, and interactions have several.
    part bigint not null,
    used bigint not null,
    primary key (organization_id, day, kind, part)
){clustered};
create index usage_counts_old on usage_counts (day);
insert into usage_counts (organization_id, day, kind, part, used)
    select organization_id, started_at / 86400000, 'events', 0, cast(sum(event_count) as bigint)
    from sessions group by 1, 2 having sum(event_count) > 0;
insert into usage_counts (organization_id, day, kind, part, used)
    select organization_id, timestamp / 86400000, 'interactions', 0, count(*)
    from interactions group by 1, 2;
