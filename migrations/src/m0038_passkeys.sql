-- A public key that a user signs in with. The private key is on a device or in a password manager.
create table passkeys (
    id text primary key,
    organization_id text not null,
    user_id text not null,
    -- The device's name for it, base64url. No two users have the same.
    credential_id text not null,
    -- The public key, the count of signatures and what else has to stay the same, as JSON.
    credential text not null,
    name text not null,
    created_at bigint not null,
    -- Null: never used.
    last_used_at bigint
);
create unique index passkeys_credential on passkeys (credential_id);
create index passkeys_of_user on passkeys (user_id, created_at);

-- What a device has been asked to sign. The answer removes the row, so it counts once.
create table passkey_challenges (
    -- SHA-256 of the token that the browser returns, hexadecimal.
    token_hash text primary key,
    -- Who adds a passkey; null: somebody signs in.
    user_id text,
    -- The challenge and the rules for the answer, as JSON.
    state text not null,
    expires_at bigint not null
);
create index passkey_challenges_expiry on passkey_challenges (expires_at);
create index passkey_challenges_of_user on passkey_challenges (user_id) where user_id is not null;
