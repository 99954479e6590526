-- What a user is told of, once each.
create table notifications (
    organization_id text not null,
    user_id text not null,
    -- Names what happened. A repeat has the same.
    id text not null,
    kind text not null,
    -- A JSON object of short strings: ids and times, no personal data.
    fields text not null,
    -- When it happened, milliseconds since the epoch.
    created_at bigint not null,
    -- Null: not yet.
    read_at bigint,
    primary key (user_id, id)
){clustered};
create index notifications_newest on notifications (user_id, created_at, id);
create index notifications_unread on notifications (user_id) where read_at is null;
create index notifications_old on notifications (created_at);
