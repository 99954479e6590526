//! Parameters of requests about the audit log.

use crow_db::audit_log::{AuditKey, Filter};

use crate::ask::question::{Count, questions};
use crate::ask::values::{Cursor, Moment, ONE_OF_FEW_WORDS, Shape, Text, Value};

questions! {
    /// Entries, newest first.
    ListAudit {
        /// Only this action, or actions that begin with it and a dot, such as `user`.
        action "action": Option<Text>,
        /// Only what the user or key with this id did.
        actor "actor": Option<Text>,
        /// Not before this time.
        from "from": Option<Moment>,
        /// Before this time.
        to "to": Option<Moment>,
        /// Entries per page.
        limit "limit": Count<50, 200>,
        /// `nextCursor` of the previous page.
        after "cursor": Option<Cursor<AuditKey>>,
    }

    /// All entries that match, as a file, newest first.
    ExportAudit {
        /// `csv` or `ndjson` (default).
        format "format": Option<AuditFormat>,
        /// Only this action, or actions that begin with it and a dot, such as `user`.
        action "action": Option<Text>,
        /// Only what the user or key with this id did.
        actor "actor": Option<Text>,
        /// Not before this time.
        from "from": Option<Moment>,
        /// Before this time.
        to "to": Option<Moment>,
    }
}

impl ListAudit {
    /// Which entries.
    pub fn filter(&self) -> Filter {
        filter(&self.action, &self.actor, self.from, self.to)
    }
}

impl ExportAudit {
    /// Which entries.
    pub fn filter(&self) -> Filter {
        filter(&self.action, &self.actor, self.from, self.to)
    }
}

fn filter(
    action: &Option<Text>,
    actor: &Option<Text>,
    from: Option<Moment>,
    to: Option<Moment>,
) -> Filter {
    let text = |text: &Option<Text>| text.as_ref().map(|text| text.0.clone());
    Filter {
        action: text(action),
        actor: text(actor),
        from: from.map(|moment| moment.0),
        to: to.map(|moment| moment.0),
    }
}

/// The format of a file of entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AuditFormat {
    /// A table.
    Csv,
    /// A JSON object a line.
    #[default]
    Ndjson,
}

impl Value for AuditFormat {
    fn expected() -> String {
        ONE_OF_FEW_WORDS.to_owned()
    }

    fn shape() -> Shape {
        Shape::Words(&["csv", "ndjson"])
    }

    fn read(text: &str) -> Option<Self> {
        match text {
            "csv" => Some(Self::Csv),
            "ndjson" => Some(Self::Ndjson),
            _ => None,
        }
    }
}
