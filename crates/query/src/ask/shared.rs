//! Parameters of requests about public links.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::ask::question::questions;
use crate::ask::values::{Moment, Name};
use crate::error::{Error, Result};

/// The longest life of a link, in hours: 30 days.
const MAX_HOURS: u32 = 720;

questions! {
    /// Links to list.
    ListLinks {
        /// Only those to this session: a session's `id`, or the SDK's `sessionId`, which means its
        /// latest generation.
        session "sessionId": Option<Name>,
    }

    /// One link.
    OneLink {
        /// The link's `id`.
        link "linkId": Name,
    }

    /// A recording that a link shows.
    SharedReplay {
        /// The first moment to show. Each window begins with its last full snapshot at or before
        /// it. Milliseconds since the epoch or RFC 3339.
        from "from": Option<Moment>,
    }
}

/// A link to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MakeLink {
    /// A session's `id`, or the SDK's `sessionId`, which means its latest generation. The session
    /// must be over and have a recording.
    pub session_id: String,
    /// For how many hours the link works: 1 to 720.
    #[schema(minimum = 1, maximum = 720)]
    pub expires_in_hours: u32,
    /// Whether texts and pictures are left out. Default: true. False needs the setting
    /// `publicLinks: any`.
    #[serde(default = "yes")]
    pub is_masked: bool,
    /// The first moment that is shown, milliseconds since the epoch. Default: the beginning.
    #[serde(default)]
    pub from: Option<i64>,
    /// The last moment. Default: the end.
    #[serde(default)]
    pub to: Option<i64>,
}

fn yes() -> bool {
    true
}

impl MakeLink {
    /// # Errors
    /// `Malformed` when a value is out of bounds.
    pub fn check(&self) -> Result<()> {
        if !(1..=MAX_HOURS).contains(&self.expires_in_hours) {
            let text = format!("expiresInHours: must be 1 to {MAX_HOURS}");
            return Err(Error::Malformed(text));
        }
        let is_negative = [self.from, self.to].into_iter().flatten().any(|at| at < 0);
        let is_empty = matches!((self.from, self.to), (Some(from), Some(to)) if from >= to);
        if is_negative || is_empty {
            let text = "from: must be before `to`, and neither may be negative".to_owned();
            return Err(Error::Malformed(text));
        }
        Ok(())
    }
}
