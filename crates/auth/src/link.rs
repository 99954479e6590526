//! The token of a public link: an id, which lists and logs may show, and a secret.

use std::fmt;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::keys::{KeysError, random_text};

/// What every id begins with.
const PREFIX: &str = "lnk_";
/// Characters of an id after the prefix.
const ID_CHARS: usize = 20;
/// 43 characters of base62 carry 256 bits.
const SECRET_CHARS: usize = 43;

/// The token of a public link. It is shown once, and only its hash is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkToken {
    id: String,
    secret: String,
}

impl fmt::Debug for LinkToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("LinkToken");
        shown.field("id", &self.id).finish_non_exhaustive()
    }
}

impl LinkToken {
    /// A new token.
    ///
    /// # Errors
    /// When the system has no random numbers.
    pub fn generate() -> Result<Self, KeysError> {
        Ok(Self {
            id: format!("{PREFIX}{}", random_text(ID_CHARS)?),
            secret: random_text(SECRET_CHARS)?,
        })
    }

    /// The token with this text; `None` when it cannot be one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix(PREFIX)?;
        let (id, secret) = rest.split_once('_')?;
        let is_part = |part: &str, chars: usize| {
            part.len() == chars && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        let is_token = is_part(id, ID_CHARS) && is_part(secret, SECRET_CHARS);
        is_token.then(|| Self {
            id: format!("{PREFIX}{id}"),
            secret: secret.to_owned(),
        })
    }

    /// The id; safe to log.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The text in the link.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}_{}", self.id, self.secret)
    }

    /// SHA-256 of the secret, hexadecimal: what is stored.
    #[must_use]
    pub fn hash(&self) -> String {
        HEXLOWER.encode(&Sha256::digest(self.secret.as_bytes()))
    }

    /// Whether this is the hash of the secret. The time tells nothing about how much of it is.
    #[must_use]
    pub fn has_hash(&self, stored: &str) -> bool {
        self.hash().as_bytes().ct_eq(stored.as_bytes()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_again_and_shows_no_secret() {
        let token = LinkToken::generate().unwrap();
        let text = token.text();
        assert_eq!(LinkToken::parse(&text), Some(token.clone()));
        assert!(token.has_hash(&token.hash()));
        let other = LinkToken {
            id: token.id.clone(),
            ..LinkToken::generate().unwrap()
        };
        assert!(!other.has_hash(&token.hash()) && !token.has_hash(""));
        assert!(!format!("{token:?}").contains(&token.secret));
        for wrong in [
            "",
            "lnk_",
            &text[1..],
            &text[..text.len() - 1],
            &format!("{text}0"),
            &text.replace("lnk_", "lnk-"),
            &format!("{}é", &text[..text.len() - 2]),
        ] {
            assert_eq!(LinkToken::parse(wrong), None, "{wrong}");
        }
    }
}
