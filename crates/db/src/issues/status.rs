use sea_orm::DbBackend;

/// What is to be done about an issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Nobody has decided, or it has occurred again since it was resolved.
    Open,
    /// It should not occur again.
    Resolved,
    /// It may occur.
    Ignored,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Open, Self::Resolved, Self::Ignored];

    /// The word in rows and answers.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Resolved => "resolved",
            Self::Ignored => "ignored",
        }
    }

    /// The status with this word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

/// A row of `session_errors` occurred after its issue was resolved. Of one that was resolved in the next
/// release, the releases that were known then do not count. `e` is the row and `i` the issue.
pub(crate) fn came_back(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => {
            "e.last_at > i.resolved_at and (e.app_release = '' or \
             position(chr(10) || e.app_release || chr(10) in i.resolved_releases) = 0)"
        }
        _sqlite => {
            "e.last_at > i.resolved_at and (e.app_release = '' or \
             instr(i.resolved_releases, char(10) || e.app_release || char(10)) = 0)"
        }
    }
}
