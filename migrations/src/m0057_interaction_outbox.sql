-- Stored interactions that the bus does not have yet. A row is written with its interaction, and goes when the
-- bus has it. The database removes it with the interaction, whatever removes that.
create table interaction_outbox (
    interaction_id text primary key references interactions (id) on delete cascade,
    organization_id text not null,
    -- Names this state of the interaction. The bus stores a repeat within minutes once.
    message_id text not null,
    -- What is published. It has nothing that a visitor wrote.
    message text not null,
    -- When the interaction was stored, milliseconds since the epoch.
    stored_at bigint not null,
    -- When it is published. The process that publishes it holds it until then.
    due_at bigint not null
){clustered};
create index interaction_outbox_due on interaction_outbox (due_at);
create index interaction_outbox_old on interaction_outbox (stored_at);
