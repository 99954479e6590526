-- Sessions whose visitor has withdrawn consent, until what is stored of them is erased.
create table withdrawals (
    -- sessions.id
    session_id text primary key,
    organization_id text not null,
    -- When the flush with the denial was committed.
    noted_at bigint not null
){clustered};
create index withdrawals_oldest on withdrawals (organization_id, noted_at);
