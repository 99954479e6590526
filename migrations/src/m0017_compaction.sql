-- The chunks that make a session worth merging: every 32nd. Merged frames have negative
-- indexes, so a merge takes its session out of the index.
create index replay_chunks_to_merge on replay_chunks (session_id) where chunk_index % 32 = 31;
