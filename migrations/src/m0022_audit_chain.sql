-- Position in the organization's chain, from 1. Null in rows of earlier releases, which are in no
-- chain; the columns below are null there, too.
alter table audit_log add column sequence bigint;
-- user, key, public or system.
alter table audit_log add column actor_kind text;
alter table audit_log add column actor_id text;
-- Address of the client; null when there is none.
alter table audit_log add column address text;
-- done, refused or failed.
alter table audit_log add column outcome text;
-- SHA-256 of the row and of the hash before it, hexadecimal.
alter table audit_log add column hash text;
create unique index audit_log_chain on audit_log (organization_id, sequence) where sequence is not null;

-- The last entry of each chain. A writer locks its row, so that entries are added one at a time.
create table audit_heads (
    organization_id text primary key,
    sequence bigint not null,
    hash text not null
);
