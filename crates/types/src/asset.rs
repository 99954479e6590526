use std::fmt;
use std::str::FromStr;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::id::{OrganizationId, digest};

#[cfg(test)]
mod tests;

/// Why a text is not the address of an asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AssetUrlError {
    /// Longer than [`AssetUrl::MAX_BYTES`].
    #[error("must be at most 4096 bytes")]
    TooLong,
    /// Relative, or not a URL at all.
    #[error("must be an absolute URL")]
    NotAbsolute,
    /// Neither `http` nor `https`.
    #[error("must begin with http:// or https://")]
    Scheme,
    /// With a user name or a password.
    #[error("must not hold a user name or a password")]
    User,
    /// The SDK blanked a secret in it, so it cannot be fetched.
    #[error("holds a blanked secret")]
    Blanked,
}

/// The address of a picture or a font that a page has shown: absolute, without fragment, in the form that
/// browsers give it. The gateway and the read API use the same form, so that both find the same asset.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AssetUrl(String);

impl AssetUrl {
    /// The longest address, in bytes.
    pub const MAX_BYTES: usize = 4_096;

    /// Parses an address as a browser does, and drops its fragment.
    pub fn parse(text: &str) -> Result<Self, AssetUrlError> {
        if text.len() > Self::MAX_BYTES {
            return Err(AssetUrlError::TooLong);
        }
        let mut url = ::url::Url::parse(text).map_err(|_malformed| AssetUrlError::NotAbsolute)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(AssetUrlError::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(AssetUrlError::User);
        }
        url.set_fragment(None);
        if is_blanked(url.as_str()) {
            return Err(AssetUrlError::Blanked);
        }
        // Characters outside of ASCII are longer in this form.
        if url.as_str().len() > Self::MAX_BYTES {
            return Err(AssetUrlError::TooLong);
        }
        Ok(Self(url.into()))
    }

    /// The address as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The hash that identifies the address in an organization.
    #[must_use]
    pub fn hash_in(&self, organization: &OrganizationId) -> UrlHash {
        let parts = [organization.as_str().as_bytes(), self.0.as_bytes()];
        UrlHash(digest(parts).to_be_bytes())
    }
}

/// The SDK replaces apparent secrets with `*`.
fn is_blanked(url: &str) -> bool {
    url.split(['?', '&', ';']).any(|part| part.ends_with("=*"))
}

/// 128 bits of SHA-256 over an organization and the address of an asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UrlHash(pub [u8; 16]);

impl UrlHash {
    /// From the bytes of a row.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Its first half, which identifies the address in a session's report.
    #[must_use]
    pub fn short(self) -> [u8; 8] {
        let [a, b, c, d, e, f, g, h, ..] = self.0;
        [a, b, c, d, e, f, g, h]
    }
}

/// SHA-256 of the bytes of an asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentHash(pub [u8; 32]);

/// A text that is not 64 hexadecimal digits in lower case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 64 hexadecimal digits in lower case")]
pub struct ContentHashError;

impl ContentHash {
    /// The hash of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// From the bytes of a row.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl FromStr for ContentHash {
    type Err = ContentHashError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = HEXLOWER
            .decode(text.as_bytes())
            .map_err(|_not_hexadecimal| ContentHashError)?;
        Self::from_bytes(&bytes).ok_or(ContentHashError)
    }
}
