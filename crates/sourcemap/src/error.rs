use crate::{MAX_ROOT, MAX_SOURCES, MAX_TOKENS};

/// What is wrong with a map.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is no JSON, or has a field of another type.
    #[error("the map cannot be read: {0}")]
    Json(String),
    /// The version is not 3.
    #[error("the map has the version {0}; only version 3 is supported")]
    Version(i64),
    /// It has neither mappings nor sections.
    #[error("the map has no `mappings`; is it a source map?")]
    NoMappings,
    /// A section has sections, or an address instead of a map.
    #[error(
        "a section of the map has {0}; let the bundler write a map whose sections hold their maps"
    )]
    Section(&'static str),
    /// A segment is not one, four or five numbers.
    #[error("`mappings` has a segment that is no place")]
    Mappings,
    /// A number is negative or too large.
    #[error("`mappings` contains a position out of range")]
    OutOfBounds,
    /// A segment names a source that is not in the list.
    #[error("`mappings` names source {0} of {1}")]
    UnknownSource(u32, usize),
    /// A segment names a name that is not in the list.
    #[error("`mappings` names name {0} of {1}")]
    UnknownName(u32, usize),
    /// More places than fit into memory.
    #[error("the map has more than {MAX_TOKENS} places; split the bundle")]
    TooManyPlaces,
    /// `sourceRoot` is too long.
    #[error("the map has a `sourceRoot` of more than {MAX_ROOT} bytes")]
    LongRoot,
    /// The sections have too many sources.
    #[error("the map has more than {MAX_SOURCES} sources; split the bundle")]
    TooManySources,
}
