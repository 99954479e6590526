-- Interactions that services report have no session row, and are erased by the session that they name.
create index interactions_reported on interactions (organization_id, session_id) where session_row is null;
