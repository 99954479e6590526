/// Who somebody is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Person {
    /// A user that the client named.
    User(String),
    /// A browser of which no user is known, by the SDK's id.
    Visitor(String),
}

impl Person {
    /// The id.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::User(id) | Self::Visitor(id) => id,
        }
    }

    /// The column of `sessions` that has the id.
    pub(super) fn column(&self) -> &'static str {
        match self {
            Self::User(_) => "user_id",
            Self::Visitor(_) => "visitor_id",
        }
    }
}
