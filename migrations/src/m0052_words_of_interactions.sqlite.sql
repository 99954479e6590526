-- A search by words reads only this index, and not the rows, whose other columns are many times as long.
drop index interactions_newest;
create index interactions_newest on interactions (organization_id, timestamp, id, words);
