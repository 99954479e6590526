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
) without rowid;
-- Rows to remove.
create index issue_hours_empty on issue_hours (organization_id)
    where sessions = 0 and occurrences = 0;
-- Changes that are not in `issue_hours` yet. SQLite has one writer and needs none.
create table issue_hour_changes (
    organization_id text not null,
    fingerprint text not null,
    hour bigint not null,
    sessions bigint not null,
    occurrences bigint not null
);
insert into issue_hours (organization_id, fingerprint, hour, sessions, occurrences)
    select organization_id, fingerprint, last_at / 3600000, count(*), sum(occurrences)
    from session_errors group by 1, 2, 3;

create trigger session_errors_added after insert on session_errors begin
    insert into issue_hours (organization_id, fingerprint, hour, sessions, occurrences)
        values (new.organization_id, new.fingerprint, new.last_at / 3600000, 1, new.occurrences)
        on conflict (organization_id, fingerprint, hour) do update set
        sessions = issue_hours.sessions + 1,
        occurrences = issue_hours.occurrences + excluded.occurrences;
end;
create trigger session_errors_removed after delete on session_errors begin
    update issue_hours set sessions = sessions - 1, occurrences = occurrences - old.occurrences
        where organization_id = old.organization_id and fingerprint = old.fingerprint
        and hour = old.last_at / 3600000;
end;
create trigger session_errors_changed
    after update of organization_id, fingerprint, last_at, occurrences on session_errors
    when old.last_at <> new.last_at or old.occurrences <> new.occurrences
    or old.fingerprint <> new.fingerprint or old.organization_id <> new.organization_id
begin
    update issue_hours set sessions = sessions - 1, occurrences = occurrences - old.occurrences
        where organization_id = old.organization_id and fingerprint = old.fingerprint
        and hour = old.last_at / 3600000;
    insert into issue_hours (organization_id, fingerprint, hour, sessions, occurrences)
        values (new.organization_id, new.fingerprint, new.last_at / 3600000, 1, new.occurrences)
        on conflict (organization_id, fingerprint, hour) do update set
        sessions = issue_hours.sessions + 1,
        occurrences = issue_hours.occurrences + excluded.occurrences;
end;

-- When an issue occurred first.
create index session_errors_first on session_errors (organization_id, fingerprint, first_at);
-- One person in eight: hashes are spread evenly. The list estimates the people of large issues from them.
create index session_errors_sample on session_errors (organization_id, fingerprint, last_at, person)
    where person < -6917529027641081856;
