-- Requests per second that a key may make at each service; null: what the service allows every key.
alter table api_keys add column requests_per_second bigint;
