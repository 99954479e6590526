//! Pictures and fonts of recorded pages.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::ask::question::questions;
use crate::ask::values::Name;
use crate::error::{Error, Result};

/// The maximum number of addresses in one request.
const MAX_URLS: usize = 1_000;

questions! {
    /// The bytes of a picture or a font.
    OneAsset {
        /// A `hash` of `/assets/{orgId}/resolve`.
        hash "hash": Name,
    }
}

/// Addresses to look up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssetsQuestion {
    /// The moment of the recording, milliseconds since the epoch.
    #[schema(minimum = 0)]
    pub at: i64,
    /// Absolute addresses of pictures and fonts.
    #[schema(max_items = 1000)]
    pub urls: Vec<String>,
}

impl AssetsQuestion {
    /// # Errors
    /// `Malformed` when a value is out of bounds.
    pub fn check(&self) -> Result<()> {
        if self.at < 0 {
            return Err(Error::Malformed("at: must not be negative".to_owned()));
        }
        if self.urls.len() > MAX_URLS {
            let message = format!("urls: must have at most {MAX_URLS} entries");
            return Err(Error::Malformed(message));
        }
        Ok(())
    }
}
