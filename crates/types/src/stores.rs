//! The one list of the places where CROW keeps something, and of what an erasure does there.
//!
//! Erasures and their verifier, access requests and the search of the tests follow it. Tests compare
//! it with the tables of the schema, the prefixes of objects and the streams.

#[cfg(test)]
mod tests;

/// Where something of a session can be. Each store has a receipt in every erasure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Store {
    /// Keys of sessions. Without its key, nothing of a session in an object can be read.
    Keys,
    /// All other rows in SQL.
    Rows,
    /// Packs and archives.
    Objects,
    /// Messages that wait for a flush, with the objects that they point to.
    EventStreams,
    /// What could not be processed.
    DeadLetters,
    /// Announcements that wait for a consumer.
    Announcements,
}

impl Store {
    /// All of them, in the order of receipts.
    pub const ALL: [Self; 6] = [
        Self::Keys,
        Self::Rows,
        Self::Objects,
        Self::EventStreams,
        Self::DeadLetters,
        Self::Announcements,
    ];

    /// The name in receipts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keys => "keys",
            Self::Rows => "rows",
            Self::Objects => "objects",
            Self::EventStreams => "event_streams",
            Self::DeadLetters => "dead_letters",
            Self::Announcements => "announcements",
        }
    }
}

/// What a place is, and what its name means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A table.
    Table,
    /// The first part of the keys of objects.
    Objects,
    /// A stream. A name that ends with `_` means one of each partition.
    Stream,
}

/// What is kept in a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Something of sessions. An erasure removes it with its store.
    Sessions(Store),
    /// Nothing that an erasure of sessions has to remove, for this reason.
    Others(&'static str),
}

/// A place where CROW keeps something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// What it is.
    pub kind: Kind,
    /// Its name.
    pub name: &'static str,
    /// What is in it.
    pub holds: Holds,
}

const fn table(name: &'static str, store: Store) -> Place {
    Place {
        kind: Kind::Table,
        name,
        holds: Holds::Sessions(store),
    }
}

const fn objects(name: &'static str, store: Store) -> Place {
    Place {
        kind: Kind::Objects,
        name,
        holds: Holds::Sessions(store),
    }
}

const fn stream(name: &'static str, store: Store) -> Place {
    Place {
        kind: Kind::Stream,
        name,
        holds: Holds::Sessions(store),
    }
}

const fn other(kind: Kind, name: &'static str, why: &'static str) -> Place {
    Place {
        kind,
        name,
        holds: Holds::Others(why),
    }
}

/// All places. A table comes before those that its rows refer to.
pub const PLACES: &[Place] = &[
    table("session_keys", Store::Keys),
    table("replay_chunks", Store::Rows),
    table("events", Store::Rows),
    table("session_facts", Store::Rows),
    table("session_errors", Store::Rows),
    table("outbox", Store::Rows),
    table("archive_failures", Store::Rows),
    table("withdrawals", Store::Rows),
    table("sessions", Store::Rows),
    // After the sessions: who adds an interaction holds the row of its session meanwhile.
    table("interaction_products", Store::Rows),
    table("interaction_outbox", Store::Rows),
    table("interactions", Store::Rows),
    // After the interactions: who adds a vector holds the row that it is of.
    table("embeddings", Store::Rows),
    // After the sessions: who adds an answer of a model holds the row of its session.
    table("ai_answers", Store::Rows),
    table("ai_retries", Store::Rows),
    // After the sessions: who adds one of these holds the row of its session.
    table("replay_links", Store::Rows),
    table("session_notes", Store::Rows),
    table("session_tags", Store::Rows),
    table("session_watches", Store::Rows),
    table("collection_sessions", Store::Rows),
    objects("packs", Store::Objects),
    objects("sessions", Store::Objects),
    objects("inbox", Store::EventStreams),
    stream("CROW_EVENTS_", Store::EventStreams),
    stream("CROW_DLQ", Store::DeadLetters),
    stream("CROW_INTERACTIONS", Store::Announcements),
    stream("CROW_CCTV", Store::Announcements),
    other(Kind::Table, "installation", "no visitor"),
    other(Kind::Table, "partitions", "no visitor"),
    other(Kind::Table, "keepers", "no visitor"),
    other(Kind::Table, "sweep_holds", "no visitor"),
    other(Kind::Table, "api_keys", "of the organization"),
    other(
        Kind::Table,
        "ai_calls",
        "counts for billing; names no visitor",
    ),
    other(Kind::Table, "ai_usage", "of the organization"),
    other(
        Kind::Table,
        "usage_counts",
        "counts for billing; names no visitor",
    ),
    other(Kind::Table, "organization_settings", "of the organization"),
    other(Kind::Table, "products", "of the organization"),
    other(Kind::Table, "site_imports", "of the organization"),
    other(
        Kind::Table,
        "issues",
        "what the organization decided about an error; names no visitor, but `resolved_releases` \
         keeps up to 200 names of releases that clients sent",
    ),
    other(
        Kind::Table,
        "issue_hours",
        "numbers of sessions, which change with them; names no visitor",
    ),
    other(
        Kind::Table,
        "issue_hour_changes",
        "numbers of sessions, which change with them; names no visitor",
    ),
    other(Kind::Table, "source_maps", "of the organization"),
    other(
        Kind::Table,
        "webhook_endpoints",
        "of the organization; the URL is sealed",
    ),
    other(Kind::Table, "alerts", "of the organization"),
    other(Kind::Table, "alert_issues", "fingerprints of errors"),
    other(
        Kind::Table,
        "webhook_deliveries",
        "ids and numbers, for 30 days; what a visitor wrote is read when they are sent",
    ),
    other(
        Kind::Table,
        "audit_log",
        "what the organization did; names no visitor",
    ),
    other(Kind::Table, "audit_heads", "hashes of the audit log"),
    other(Kind::Table, "sign_ins", "of the organization's people"),
    other(Kind::Table, "users", "the organization's people"),
    other(Kind::Table, "identities", "of the organization's people"),
    other(Kind::Table, "passkeys", "of the organization's people"),
    other(Kind::Table, "passkey_challenges", "random, for minutes"),
    other(Kind::Table, "invitations", "of the organization's people"),
    other(
        Kind::Table,
        "notifications",
        "of the organization's people; names no visitor",
    ),
    other(
        Kind::Table,
        "saved_filters",
        "what the organization's people look for; they remove them themselves",
    ),
    other(
        Kind::Table,
        "dashboards",
        "what the organization's people ask; they remove them themselves",
    ),
    other(
        Kind::Table,
        "collections",
        "names and notes of lists; their sessions are in `collection_sessions`",
    ),
    other(
        Kind::Table,
        "cohorts",
        "conditions that the organization's people saved; they remove them themselves",
    ),
    other(
        Kind::Table,
        "organization_keys",
        "goes with the last session of an organization that is erased",
    ),
    other(Kind::Table, "object_garbage", "keys of objects"),
    other(
        Kind::Table,
        "asset_urls",
        "addresses that several sessions have shown",
    ),
    other(
        Kind::Table,
        "asset_versions",
        "pictures and fonts that several sessions have shown",
    ),
    other(Kind::Table, "asset_witnesses", "hashes, kept for a month"),
    other(
        Kind::Table,
        "asset_refs",
        "removed with the sessions, by the SDK's session id",
    ),
    other(Kind::Table, "erasures", "the record; names no visitor"),
    other(
        Kind::Table,
        "erasure_receipts",
        "the record; names no visitor",
    ),
    other(
        Kind::Table,
        "erased_sessions",
        "row ids; the SDK's ids until they are announced",
    ),
    other(Kind::Table, "erased_objects", "keys of objects"),
    other(
        Kind::Table,
        "tombstones",
        "keyed hashes and erased ranges of time, for 90 days",
    ),
    other(
        Kind::Objects,
        "assets",
        "pictures and fonts that several sessions have shown",
    ),
    other(
        Kind::Objects,
        "sourcemaps",
        "source code of the organization",
    ),
    other(
        Kind::Objects,
        "backups",
        "in a store of their own; they go by their age",
    ),
    other(
        Kind::Stream,
        "CROW_ADVISORIES",
        "positions of announcements",
    ),
    other(
        Kind::Stream,
        "CROW_STORED",
        "ids of interactions and sessions, for three days",
    ),
    other(
        Kind::Stream,
        "CROW_NOTIFICATIONS",
        "ids of what users are told of",
    ),
];

impl Place {
    /// Where a table, an object or a stream of this name is; `None`: the list lacks it.
    #[must_use]
    pub fn of(kind: Kind, name: &str) -> Option<&'static Self> {
        let is_here = |place: &&Self| place.kind == kind && place.includes(name);
        PLACES.iter().find(is_here)
    }

    fn includes(&self, name: &str) -> bool {
        match self.kind {
            Kind::Table => name == self.name,
            Kind::Objects => name.split('/').next() == Some(self.name),
            Kind::Stream if self.name.ends_with('_') => name
                .strip_prefix(self.name)
                .is_some_and(|partition| partition.parse::<u16>().is_ok()),
            Kind::Stream => name == self.name,
        }
    }

    /// The store that removes what is here; `None`: there is nothing of sessions.
    #[must_use]
    pub fn store(&self) -> Option<Store> {
        match self.holds {
            Holds::Sessions(store) => Some(store),
            Holds::Others(_) => None,
        }
    }
}

/// The tables with rows of sessions. A table comes before those that its rows refer to.
pub fn tables_of_sessions() -> impl Iterator<Item = &'static str> {
    let is_of_sessions = |place: &&Place| place.kind == Kind::Table && place.store().is_some();
    PLACES.iter().filter(is_of_sessions).map(|place| place.name)
}
