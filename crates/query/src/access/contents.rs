//! What an access request takes from each store that an erasure knows.

use std::fmt::Write;

use crow_types::OrganizationId;
use crow_types::stores::Store;

/// A file of the zip, or a folder with a file of each session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct File {
    pub(super) name: &'static str,
    about: &'static str,
}

pub(super) const SESSIONS: File = File {
    name: "sessions.ndjson",
    about: "One line for each session: when, from where and with what, who the visitor was, and what \
            was counted.",
};
pub(super) const INTERACTIONS: File = File {
    name: "interactions.ndjson",
    about: "One line for each session that was put into words, and for each interaction that a service \
            reported of one: the summary, who wrote it, the intent, \
            tags, products, and what shows them.",
};
pub(super) const NOTES: File = File {
    name: "notes.ndjson",
    about: "One line for each session that people of the organization wrote notes about, gave tags or put \
            into collections. `at` is the moment that a note is about.",
};
const EVENTS: File = File {
    name: "events/",
    about: "A file for each session, with one line for each event. The name of the file is the \
            `id` of the session.",
};
const RECORDINGS: File = File {
    name: "recordings/",
    about: "A file for each recorded session. In each line, `w` is the window, `t` the time, `k` the \
            kind: `r` for an event of rrweb, `e` for an event of the session; `d` is the content. The last line \
            (`end`) lists gaps. `jq -c 'select(.k == \"r\") | .d' FILE | jq -s .` makes the array that \
            the player of rrweb takes.",
};
pub(super) const DEAD_LETTERS: File = File {
    name: "dead-letters.ndjson",
    about: "One line for each batch that could not be processed. It belongs to no session yet.",
};

pub(super) const DAMAGED: File = File {
    name: "damaged.txt",
    about: "Only if something stored is damaged: the sessions of which a file is missing or ends early.",
};

/// What is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Taken {
    Files(&'static [File]),
    /// Why not.
    Nothing(&'static str),
}

/// A store without an answer does not compile.
const fn of(store: Store) -> Taken {
    match store {
        Store::Keys => {
            Taken::Nothing("Keys of the recordings. The recordings are here as clear text.")
        }
        Store::Rows => Taken::Files(&[SESSIONS]),
        Store::Objects => Taken::Files(&[EVENTS, RECORDINGS]),
        Store::EventStreams => Taken::Nothing(
            "What arrived in the last seconds is on its way to a session. Interactions of open \
             sessions that wait to be stored are included, and their recording is not. Request again \
             after the session has ended.",
        ),
        Store::DeadLetters => Taken::Files(&[DEAD_LETTERS]),
        Store::Announcements => Taken::Nothing("They repeat what sessions.ndjson says."),
    }
}

/// What is taken from each table with rows of sessions.
const TABLES: [(&str, Taken); 20] = [
    ("session_keys", of(Store::Keys)),
    (
        "replay_chunks",
        Taken::Nothing("Where in which object a recording is."),
    ),
    ("events", Taken::Files(&[EVENTS])),
    (
        "session_facts",
        Taken::Nothing("Computed from sessions and events, for statistics."),
    ),
    (
        "session_errors",
        Taken::Nothing("Computed from events of the type `error`, which are in events/."),
    ),
    ("outbox", of(Store::Announcements)),
    (
        "archive_failures",
        Taken::Nothing("Whether a session could be archived."),
    ),
    (
        "withdrawals",
        Taken::Nothing("That consent was withdrawn: `consent` in sessions.ndjson."),
    ),
    ("sessions", Taken::Files(&[SESSIONS])),
    (
        "interaction_products",
        Taken::Nothing("Computed from interactions, for figures of products."),
    ),
    (
        "interaction_outbox",
        Taken::Nothing("Ids of interactions that are announced to other services, for seconds."),
    ),
    ("interactions", Taken::Files(&[INTERACTIONS])),
    (
        "embeddings",
        Taken::Nothing("Computed from the words of interactions, for search by meaning."),
    ),
    (
        "ai_answers",
        Taken::Nothing(
            "What a language model said, for hours. Interactions have what is used of it.",
        ),
    ),
    (
        "ai_retries",
        Taken::Nothing("When a language model is asked again about the session, for days."),
    ),
    (
        "replay_links",
        Taken::Nothing("Public links to recordings. They end by themselves within 30 days."),
    ),
    ("session_notes", Taken::Files(&[NOTES])),
    ("session_tags", Taken::Files(&[NOTES])),
    (
        "session_watches",
        Taken::Nothing("Which people of the organization have watched a session."),
    ),
    ("collection_sessions", Taken::Files(&[NOTES])),
];

/// The README of the zip.
pub(super) fn readme(id: &str, organization: &OrganizationId, sessions: usize) -> String {
    let mut text = format!(
        "Data of one person, stored by {organization} with CROW.\n\
         Access request {id}, {sessions} sessions. Times are milliseconds since 1970-01-01 UTC.\n\
         Files end in .ndjson: each line is a JSON value.\n"
    );
    let mut left_out = String::new();
    for (name, taken) in Store::ALL
        .map(|store| (store.as_str(), of(store)))
        .into_iter()
        .chain(TABLES)
    {
        match taken {
            Taken::Files(files) => files.iter().for_each(|file| describe(&mut text, *file)),
            Taken::Nothing(why) => {
                let _always = write!(left_out, "\n{name}\n  {why}\n");
            }
        }
    }
    describe(&mut text, DAMAGED);
    text + "\nNot included:\n" + &left_out
}

/// Once.
fn describe(text: &mut String, file: File) {
    if !text.contains(&format!("\n{}\n", file.name)) {
        let _always = write!(text, "\n{}\n  {}\n", file.name, file.about);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A new table fails this test until it says what it gives.
    #[test]
    fn each_table_of_an_erasure_says_what_it_gives() {
        let known = TABLES.map(|(table, _taken)| table);
        let erased: Vec<&str> = crow_types::stores::tables_of_sessions().collect();
        assert_eq!(known, *erased);
    }

    #[test]
    fn the_readme_names_each_file_once() {
        let acme = OrganizationId::new("acme").unwrap();
        let text = readme("id", &acme, 2);
        for file in [
            SESSIONS,
            INTERACTIONS,
            NOTES,
            EVENTS,
            RECORDINGS,
            DEAD_LETTERS,
            DAMAGED,
        ] {
            let heading = format!("\n{}\n", file.name);
            assert_eq!(text.matches(&heading).count(), 1, "{text}");
        }
        assert!(text.contains("session_facts"), "{text}");
    }
}
