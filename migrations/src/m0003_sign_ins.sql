-- Somebody who exchanged a key for a cookie. Checked at every request together with the key.
create table sign_ins (
    -- SHA-256 of the token in the cookie, hexadecimal; the token itself is never stored.
    token_hash text primary key,
    key_id text not null,
    organization_id text not null,
    -- As in api_keys.
    scopes text not null,
    -- First characters of the key, to show which one it is.
    key_prefix text not null,
    created_at bigint not null,
    expires_at bigint not null
);
create index sign_ins_of_key on sign_ins (key_id);
create index sign_ins_expiry on sign_ins (expires_at);
