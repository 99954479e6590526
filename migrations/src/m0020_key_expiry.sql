-- When a key stops working; null: never.
alter table api_keys add column expires_at bigint;
-- When it was last looked up. It is written at most once an hour.
alter table api_keys add column last_used_at bigint;
