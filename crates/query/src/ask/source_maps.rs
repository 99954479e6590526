//! Questions about source maps.

use crow_db::source_maps::SourceMapKey;
use crow_sourcemap::script::is_debug_id;

use crate::ask::question::{Count, questions};
use crate::ask::values::{Cursor, Moment, Name, Text};
use crate::error::{Error, Result};

/// Bytes of a release, as of those of events.
const MAX_RELEASE: usize = 64;
/// Bytes of a path.
const MAX_PATH: usize = 1_024;

questions! {
    /// Which script an uploaded map is of.
    UploadSourceMap {
        /// The version of the page, as the SDK's option `release` names it: at most 64 bytes.
        release "release": Text,
        /// The path of the script's address, such as `/assets/index-Bx7.js`; its end is enough.
        path "path": Text,
        /// The debug id of the script: a UUID. Default: the one in the map.
        debug_id "debugId": Option<Text>,
    }

    /// Which source maps.
    ListSourceMaps {
        /// The release, exactly.
        release "release": Option<Text>,
        /// Maps per page.
        limit "limit": Count<50, 200>,
        /// `nextCursor` of the previous page.
        after "cursor": Option<Cursor<SourceMapKey>>,
    }

    /// One source map.
    OneSourceMap {
        /// The map's `id`.
        map "mapId": Name,
    }

    /// The stack of an event.
    StackOfEvent {
        /// The session's row id, or the SDK's session id.
        session "sessionId": Name,
        /// The event's `id`.
        event "eventId": Name,
        /// The event's `timestamp`.
        at "at": Moment,
    }
}

/// A script that a map is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// The version of the page.
    pub release: String,
    /// The path of its address.
    pub path: String,
    /// Its debug id, as the request names it.
    pub debug_id: Option<String>,
}

impl UploadSourceMap {
    /// # Errors
    /// `Malformed` when a name is too long or has control characters.
    pub fn script(self) -> Result<Script> {
        let release = self.release.0.trim();
        check("release", release, MAX_RELEASE)?;
        let path = self.path.0.as_str();
        check("path", path, MAX_PATH)?;
        if !path.starts_with('/') || path.contains(['?', '#', '\\']) {
            let text = "path: must begin with `/`, without host and query";
            return Err(Error::Malformed(text.to_owned()));
        }
        let debug_id = self.debug_id.map(|id| id.0.to_ascii_lowercase());
        if debug_id.as_deref().is_some_and(|id| !is_debug_id(id)) {
            let text = "debugId: must be a UUID, such as 0199c0de-7b1e-8a3c-9f0e-5d2b6c4a1e7f";
            return Err(Error::Malformed(text.to_owned()));
        }
        Ok(Script {
            release: release.to_owned(),
            path: path.to_owned(),
            debug_id,
        })
    }
}

fn check(name: &str, text: &str, most: usize) -> Result<()> {
    let is_wrong = text.is_empty() || text.len() > most || text.chars().any(char::is_control);
    if is_wrong {
        let text = format!("{name}: must have 1 to {most} bytes and no control characters");
        return Err(Error::Malformed(text));
    }
    Ok(())
}

impl OneSourceMap {
    /// # Errors
    /// `NotFound` when no map can have this id.
    pub fn id(&self) -> Result<&str> {
        let id = self.map.0.as_str();
        if id.len() != 26 || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(Error::NotFound);
        }
        Ok(id)
    }
}
