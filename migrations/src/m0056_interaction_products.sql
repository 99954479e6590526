-- What visitors did with the products of each interaction, for the figures of each product. Robots have no
-- rows. Rows are computed from `interactions.product_ids` and `interactions.evidence`. The database removes
-- them with the interaction, whatever removes it: also a program of the release before.
create table interaction_products (
    interaction_id text not null references interactions (id) on delete cascade,
    -- The catalogue's id, or what pages named it.
    product_id text not null,
    organization_id text not null,
    -- As those of the interaction.
    source_type text not null,
    timestamp bigint not null,
    -- How often it was looked at.
    views bigint not null,
    -- It was put into the cart, and not all of it taken out.
    added boolean not null,
    -- An order names it.
    purchased boolean not null,
    primary key (interaction_id, product_id)
){clustered};
-- Sums read only this index.
create index interaction_products_sums on interaction_products
    (organization_id, timestamp, product_id, source_type, views, added, purchased);
