-- When the refused time began; null: it has no beginning. A tombstone of the kind `time` is that of an erased
-- range: it refuses what happened from `since` to `until` and was published before the erasure.
alter table tombstones add column since bigint;
