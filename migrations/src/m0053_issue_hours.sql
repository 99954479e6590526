-- Sums of `session_errors` by issue and hour, for the list of issues. A session counts whole in the hour
-- of its last occurrence. Triggers keep the sums, so they are right after each change of a row: by a
-- flush, an erasure, the end of retention, a restored backup, or a program of the release before.
create table issue_hours (
    organization_id text not null,
    fingerprint text not null,
    -- Hours since the epoch.
    hour bigint not null,
    sessions bigint not null,
    occurrences bigint not null,
    primary key (organization_id, fingerprint, hour)
);
-- Rows to remove.
create index issue_hours_empty on issue_hours (organization_id)
    where sessions = 0 and occurrences = 0;
-- Changes that are not in `issue_hours` yet. The triggers only add rows here, so transactions that touch
-- the same issue do not wait for each other.
create table issue_hour_changes (
    organization_id text not null,
    fingerprint text not null,
    hour bigint not null,
    sessions bigint not null,
    occurrences bigint not null
);
create index issue_hour_changes_by_issue on issue_hour_changes (organization_id, fingerprint);

create function session_errors_added() returns trigger language plpgsql as $$
begin
    insert into issue_hour_changes (organization_id, fingerprint, hour, sessions, occurrences)
        select organization_id, fingerprint, last_at / 3600000, count(*), sum(occurrences)
        from added group by 1, 2, 3;
    return null;
end $$;
create function session_errors_removed() returns trigger language plpgsql as $$
begin
    insert into issue_hour_changes (organization_id, fingerprint, hour, sessions, occurrences)
        select organization_id, fingerprint, last_at / 3600000, -count(*), -sum(occurrences)
        from removed group by 1, 2, 3;
    return null;
end $$;
create function session_errors_changed() returns trigger language plpgsql as $$
begin
    insert into issue_hour_changes (organization_id, fingerprint, hour, sessions, occurrences)
        select organization_id, fingerprint, last_at / 3600000, sum(sign), sum(sign * occurrences)
        from (
            select organization_id, fingerprint, last_at, occurrences, 1 as sign from added
            union all
            select organization_id, fingerprint, last_at, occurrences, -1 as sign from removed
        ) as both_sides
        group by 1, 2, 3
        having sum(sign) <> 0 or sum(sign * occurrences) <> 0;
    return null;
end $$;
create trigger session_errors_added after insert on session_errors
    referencing new table as added
    for each statement execute function session_errors_added();
create trigger session_errors_removed after delete on session_errors
    referencing old table as removed
    for each statement execute function session_errors_removed();
create trigger session_errors_changed after update on session_errors
    referencing new table as added old table as removed
    for each statement execute function session_errors_changed();
-- After the triggers: creating them waits for flushes that are not committed yet, and keeps others out until
-- this transaction ends. So each row is counted once, here or by a trigger.
insert into issue_hours (organization_id, fingerprint, hour, sessions, occurrences)
    select organization_id, fingerprint, last_at / 3600000, count(*), sum(occurrences)
    from session_errors group by 1, 2, 3;

-- When an issue occurred first.
create index session_errors_first on session_errors (organization_id, fingerprint, first_at);
-- One person in eight: hashes are spread evenly. The list estimates the people of large issues from them.
create index session_errors_sample on session_errors (organization_id, fingerprint, last_at, person)
    where person < -6917529027641081856;
