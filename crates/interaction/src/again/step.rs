/// What came of asking about one visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// A model has written its text.
    Worded,
    /// Models failed and are asked again later.
    Failed,
    /// Its session cannot be read now. Nobody was asked.
    Unreadable,
    /// Models failed too often, or in a way that may have to be paid for. They are not asked again.
    GivenUp,
    /// The session or what it says was erased, has a later revision, or is not for models any more.
    Gone,
    /// The organization has no tokens left, or no models. Nobody was asked.
    Resting,
    /// All models are left alone. Nobody was asked.
    LeftAlone,
}
