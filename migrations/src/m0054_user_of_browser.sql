-- The user of a browser: one step, however many sessions of the browser name none. It holds all columns
-- of the question, so that SQLite prefers it to the index of all sessions of the browser.
create index sessions_user_of_browser on sessions
    (organization_id, visitor_id, started_at, id, user_id)
    where visitor_id is not null and user_id is not null;
