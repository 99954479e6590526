-- A person with an account. Each belongs to one organization.
create table users (
    id text primary key,
    organization_id text not null,
    -- In lower case.
    email text not null,
    name text not null,
    -- owner, admin, member or marketing.
    role text not null,
    -- Argon2id, with its parameters and salt.
    password_hash text not null,
    created_at bigint not null,
    -- Null while the user may sign in.
    disabled_at bigint
);
create unique index users_email on users (email);
create index users_of_organization on users (organization_id, created_at);

-- A link that makes a user, or sets the password of one. Using it removes the row.
create table invitations (
    id text primary key,
    -- SHA-256 of the token in the link, hexadecimal; the token itself is never stored.
    token_hash text not null,
    -- Null in the link for the first user, who names it.
    organization_id text,
    -- Null: whoever uses the link says it.
    email text,
    role text not null,
    -- The user whose password the link sets; null: it makes a user.
    user_id text,
    -- Id of the user or key that made it.
    created_by text not null,
    created_at bigint not null,
    expires_at bigint not null
);
create unique index invitations_token on invitations (token_hash);
create index invitations_of_organization on invitations (organization_id, created_at);

-- Names a sign-in in lists; null in those of earlier releases.
alter table sign_ins add column id text;
-- Whose it is, if somebody signed in with a password. Then key_id is empty.
alter table sign_ins add column user_id text;
alter table sign_ins add column user_agent text;
alter table sign_ins add column address text;
create index sign_ins_of_user on sign_ins (user_id) where user_id is not null;
