-- A person at an OpenID Connect provider, and the user that signs in as that person.
create table identities (
    issuer text not null,
    -- The provider's name for the person, which never changes. An e-mail address can.
    subject text not null,
    organization_id text not null,
    user_id text not null,
    created_at bigint not null,
    primary key (issuer, subject)
){clustered};
-- An address that was given to somebody else must not open the account of the person before.
create unique index identities_of_user on identities (user_id, issuer);
