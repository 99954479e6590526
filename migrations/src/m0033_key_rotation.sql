-- When a key was replaced by another one; null: it was not. Then expires_at is what was promised.
alter table api_keys add column rotated_at bigint;
