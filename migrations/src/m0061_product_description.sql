-- What a shop says about the product, which searches look into. Null: nothing, or written by an older service.
alter table products add column description text;
