-- Answers about a range of time are not kept any more: an erasure could not tell which of them rest on
-- what it removed.
delete from ai_answers where session_row is null;
drop index ai_answers_of_ranges;
