-- The catalogue of an organization: what its interactions can be about.
create table products (
    organization_id text not null,
    -- What the shop calls it in events.
    id text not null,
    sku text,
    name text not null,
    category text,
    -- In minor units of the currency. Both are there, or none.
    price_minor bigint,
    currency text,
    url text,
    -- Of `url`: decoded, in lower case, without its last slash. Variants may share one.
    path text,
    image_url text,
    -- What the search looks into, in lower case.
    words text not null,
    created_at bigint not null,
    updated_at bigint not null,
    primary key (organization_id, id)
){clustered};
create unique index products_sku on products (organization_id, sku) where sku is not null;
create index products_by_name on products (organization_id, name, id);
