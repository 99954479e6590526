//! The token in which the API gateway tells a service who makes a request.
//!
//! It is a JWT (RFC 7519) signed with Ed25519 (RFC 8037). Its header has one form, and a reader
//! compares it as a text. So no algorithm is ever taken from a token.
//!
//! - [`Signer`]: makes tokens, and the document with the public keys (JWKS).
//! - [`KeySet`]: checks tokens.
//! - `claims`: what tokens say.
//! - `public`: the names of callers that are known by their address only.
//! - `verifier`: fetches the public keys.

pub(crate) mod claims;
mod public;
#[cfg(test)]
mod tests;
pub(crate) mod verifier;

use std::fmt;
use std::net::IpAddr;

use data_encoding::{BASE64, BASE64URL_NOPAD};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crow_types::Timestamp;

use crate::principal::{Principal, PrincipalKind};

use claims::{Claims, ISSUER, Who};
use public::{DAY, Subjects};

/// Clocks of two machines differ by at most this, in seconds.
const LEEWAY: i64 = 30;
/// The longest token, in bytes. Ours have about 500.
const MAX_TOKEN: usize = 4_096;
/// The most keys of a document that are read.
const MAX_KEYS: usize = 16;

/// Why a token is refused. For logs: the caller learns only that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Too long, or not three parts of the right form.
    #[error("it has not the form of our tokens")]
    Malformed,
    /// No key of the set has the id in its header.
    #[error("it is signed with a key that is not known")]
    UnknownKey,
    /// It was changed, or another key signed it.
    #[error("its signature does not fit")]
    Signature,
    /// Another issuer, or another environment.
    #[error("it is meant for another environment")]
    Audience,
    /// Not valid yet.
    #[error("it is not valid yet")]
    Early,
    /// Not valid any more.
    #[error("it has expired")]
    Expired,
    /// The keys cannot be fetched.
    #[error("the keys of the gateway are not available")]
    NoKeys,
}

/// A signing key is not 32 bytes in base64.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 32 random bytes in base64, as `openssl rand -base64 32` prints them")]
pub struct InvalidSigningKey;

/// A public key in a JWKS document (RFC 7517, RFC 8037).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwk {
    /// `OKP`.
    pub kty: String,
    /// `Ed25519`.
    #[serde(default)]
    pub crv: String,
    /// `EdDSA`.
    #[serde(default)]
    pub alg: String,
    /// `sig`.
    #[serde(default, rename = "use")]
    pub purpose: String,
    /// The thumbprint of the key (RFC 7638).
    #[serde(default)]
    pub kid: String,
    /// The key, base64url.
    #[serde(default)]
    pub x: String,
}

/// A JWKS document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwks {
    /// The keys.
    pub keys: Vec<Jwk>,
}

/// Makes tokens.
pub struct Signer {
    pair: Ed25519KeyPair,
    header: String,
    document: Jwks,
    audience: String,
    /// Seconds; `None`: they do not expire.
    lasts: Option<i64>,
    subjects: Subjects,
}

impl fmt::Debug for Signer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Signer")
    }
}

impl Signer {
    /// Signs with the first key. The document lists the other, too, so that tokens that it signed
    /// stay valid. `lasts` is in seconds; `None`: tokens do not expire.
    ///
    /// # Errors
    /// When a key is not 32 bytes in base64.
    pub fn new(
        key: &SecretString,
        previous: Option<&SecretString>,
        environment: &str,
        lasts: Option<u32>,
    ) -> Result<Self, InvalidSigningKey> {
        let pair = pair_of(key)?;
        let mut keys = vec![jwk_of(&pair)];
        if let Some(previous) = previous {
            keys.push(jwk_of(&pair_of(previous)?));
        }
        Ok(Self {
            header: header_of(&keys[0].kid),
            pair,
            document: Jwks { keys },
            audience: audience_of(environment),
            lasts: lasts.map(i64::from),
            subjects: Subjects::new(&seed_of(key)?),
        })
    }

    /// The public keys, for services.
    #[must_use]
    pub fn document(&self) -> &Jwks {
        &self.document
    }

    /// A token about this principal, from now.
    #[must_use]
    pub fn sign(&self, who: &Principal, now: Timestamp) -> String {
        let now = now.0.div_euclid(1_000);
        self.signed(&Claims {
            iss: ISSUER.to_owned(),
            aud: self.audience.clone(),
            iat: now,
            nbf: now,
            exp: self.lasts.map(|lasts| now + lasts),
            who: who.into(),
        })
    }

    /// A token about whoever calls from this address, with these scopes and without an organization.
    ///
    /// It is the same for the IPv4 address or the /64 of IPv6 until its period of `lasts` is over,
    /// and valid for one more. Tokens that do not expire would never end for an address, so theirs
    /// last a day.
    #[must_use]
    pub fn sign_public(&self, address: IpAddr, scopes: &[String], now: Timestamp) -> String {
        let now = now.0.div_euclid(1_000);
        let lasts = self.lasts.unwrap_or(DAY);
        let began = now.div_euclid(lasts) * lasts;
        self.signed(&Claims {
            iss: ISSUER.to_owned(),
            aud: self.audience.clone(),
            iat: began,
            nbf: began,
            exp: Some(began + 2 * lasts),
            who: Who {
                sub: self.subjects.of(address, began),
                org: None,
                kind: PrincipalKind::Public.as_str().to_owned(),
                role: None,
                scopes: scopes.to_vec(),
            },
        })
    }

    fn signed(&self, claims: &Claims) -> String {
        let claims = serde_json::to_vec(claims).expect("texts and numbers are always JSON");
        let mut token = format!("{}.{}", self.header, BASE64URL_NOPAD.encode(&claims));
        let signature = self.pair.sign(token.as_bytes());
        token.push('.');
        token.push_str(&BASE64URL_NOPAD.encode(signature.as_ref()));
        token
    }
}

/// The public keys whose tokens are accepted.
#[derive(Debug, Clone, Default)]
pub struct KeySet {
    /// The header of its tokens as they carry it, and the key.
    keys: Vec<(String, Vec<u8>)>,
}

impl KeySet {
    /// The keys of a document. It skips keys of other kinds.
    #[must_use]
    pub fn new(document: &Jwks) -> Self {
        let usable = document.keys.iter().filter_map(|key| {
            let is_ours = key.kty == "OKP" && key.crv == "Ed25519";
            let bytes = BASE64URL_NOPAD.decode(key.x.as_bytes()).ok()?;
            // The id is computed, so that a document cannot give one key the id of another.
            (is_ours && bytes.len() == 32).then(|| (header_of(&thumbprint(&key.x)), bytes))
        });
        Self {
            keys: usable.take(MAX_KEYS).collect(),
        }
    }

    /// The principal of a token that is meant for this environment and valid now.
    ///
    /// # Errors
    /// When it is not to be believed.
    pub fn check(
        &self,
        token: &str,
        environment: &str,
        now: Timestamp,
    ) -> Result<Principal, TokenError> {
        let opened = self.open(token, environment, now)?;
        Ok(opened.principal)
    }

    fn open(&self, token: &str, environment: &str, now: Timestamp) -> Result<Opened, TokenError> {
        if token.len() > MAX_TOKEN {
            return Err(TokenError::Malformed);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(TokenError::Malformed)?;
        let (header, claims) = signed.split_once('.').ok_or(TokenError::Malformed)?;
        let decode = |text: &str| BASE64URL_NOPAD.decode(text.as_bytes());
        let known = self.keys.iter().find(|(known, _)| known == header);
        let (_, key) = known.ok_or_else(|| unknown(header))?;
        let signature = decode(signature).map_err(|_error| TokenError::Malformed)?;
        UnparsedPublicKey::new(&ED25519, key)
            .verify(signed.as_bytes(), &signature)
            .map_err(|_error| TokenError::Signature)?;
        let claims = decode(claims).map_err(|_error| TokenError::Malformed)?;
        let claims: Claims =
            serde_json::from_slice(&claims).map_err(|_error| TokenError::Malformed)?;
        if claims.iss != ISSUER || claims.aud != audience_of(environment) {
            return Err(TokenError::Audience);
        }
        let now = now.0.div_euclid(1_000);
        if claims.nbf > now + LEEWAY {
            return Err(TokenError::Early);
        }
        let principal = Principal::try_from(claims.who);
        let opened = Opened {
            principal: principal.map_err(|_error| TokenError::Malformed)?,
            exp: claims.exp,
        };
        if opened.has_expired(now) {
            return Err(TokenError::Expired);
        }
        Ok(opened)
    }
}

/// A token whose signature was checked.
#[derive(Debug, Clone)]
struct Opened {
    principal: Principal,
    exp: Option<i64>,
}

impl Opened {
    /// `now` is in seconds.
    fn has_expired(&self, now: i64) -> bool {
        self.exp.is_some_and(|exp| exp <= now - LEEWAY)
    }
}

/// A header that no key has. Only one of our form can belong to a key that is not fetched yet.
fn unknown(header: &str) -> TokenError {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Header {
        alg: String,
        #[serde(rename = "typ")]
        _typ: String,
        #[serde(rename = "kid")]
        _kid: String,
    }
    let bytes = BASE64URL_NOPAD.decode(header.as_bytes()).ok();
    let header = bytes.and_then(|bytes| serde_json::from_slice::<Header>(&bytes).ok());
    match header {
        Some(header) if header.alg == "EdDSA" => TokenError::UnknownKey,
        Some(_) | None => TokenError::Malformed,
    }
}

fn pair_of(key: &SecretString) -> Result<Ed25519KeyPair, InvalidSigningKey> {
    let seed = seed_of(key)?;
    Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_error| InvalidSigningKey)
}

fn seed_of(key: &SecretString) -> Result<Vec<u8>, InvalidSigningKey> {
    let text = key.expose_secret().trim();
    let seed = BASE64.decode(text.as_bytes());
    seed.map_err(|_error| InvalidSigningKey)
}

fn jwk_of(pair: &Ed25519KeyPair) -> Jwk {
    let x = BASE64URL_NOPAD.encode(pair.public_key().as_ref());
    Jwk {
        kty: "OKP".to_owned(),
        crv: "Ed25519".to_owned(),
        alg: "EdDSA".to_owned(),
        purpose: "sig".to_owned(),
        kid: thumbprint(&x),
        x,
    }
}

/// RFC 7638: the hash of the required members in the order of their names.
fn thumbprint(x: &str) -> String {
    let members = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
    BASE64URL_NOPAD.encode(&Sha256::digest(members.as_bytes()))
}

/// The header of tokens of a key, as they carry it.
fn header_of(kid: &str) -> String {
    let header = format!(r#"{{"alg":"EdDSA","typ":"JWT","kid":"{kid}"}}"#);
    BASE64URL_NOPAD.encode(header.as_bytes())
}

fn audience_of(environment: &str) -> String {
    format!("crow/{environment}")
}
