//! Encryption of the parts of objects. A part is a chunk of a pack, or a frame of an archive.
//!
//! ```text
//! 4 bytes   "CRWS"; no zstd reader takes it for a frame, or skips it
//! 4 bytes   length of the rest, little endian
//! …         AES-256-GCM of the compressed part, with its tag of 16 bytes
//! ```
//!
//! Each session has a [`DataKey`]. Each object has a subkey of it: HKDF-SHA256 (RFC 5869) with the
//! object's key as context. The nonce is the offset of the part in the object. Keys of objects are
//! fresh, and an object is written once, so no nonce repeats under a subkey. Associated data are
//! organization, session row, object key and offset, so a part can be opened only where it was
//! written.

use std::fmt;
use std::io::{self, BufRead, Read};
use std::sync::Arc;

use bytes::{Buf, Bytes};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, Prk};
use ring::rand::{SecureRandom, SystemRandom};
use schemars::JsonSchema;
use secrecy::{ExposeSecret, SecretBox};
use serde::{Deserialize, Serialize};

/// Bytes of a key.
pub const KEY_BYTES: usize = 32;
/// An earlier release must not take a sealed part for an empty one, so it is no frame of zstd.
const MAGIC: [u8; 4] = *b"CRWS";
/// Magic and length.
const HEADER: usize = 8;

/// Whether new objects are encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Seal {
    /// With a key per session.
    #[default]
    On,
    /// Plain zstd.
    Off,
}

/// A key of 256 bits. It is cleared from memory with its last copy, and never shown.
#[derive(Clone)]
pub struct KeyBytes(Arc<SecretBox<[u8; KEY_BYTES]>>);

impl KeyBytes {
    /// From these bytes.
    #[must_use]
    pub fn new(bytes: [u8; KEY_BYTES]) -> Self {
        Self(Arc::new(SecretBox::new(Box::new(bytes))))
    }

    /// A random one.
    ///
    /// # Panics
    /// When the operating system has no random numbers.
    #[must_use]
    pub fn random() -> Self {
        let mut bytes = [0; KEY_BYTES];
        let filled = SystemRandom::new().fill(&mut bytes);
        filled.expect("the operating system has random numbers");
        Self::new(bytes)
    }

    /// The bytes.
    #[must_use]
    pub fn expose(&self) -> &[u8; KEY_BYTES] {
        self.0.expose_secret()
    }

    /// The subkey for one purpose and context.
    ///
    /// # Panics
    /// Never: HKDF gives far more than 32 bytes.
    #[must_use]
    pub fn subkey(&self, purpose: &str, context: &str) -> LessSafeKey {
        let info = [purpose.as_bytes(), &[0], context.as_bytes()];
        let expanded = Prk::new_less_safe(HKDF_SHA256, self.expose());
        let expanded = expanded.expand(&info, &AES_256_GCM);
        let expanded = expanded.expect("HKDF gives 32 bytes");
        LessSafeKey::new(UnboundKey::from(expanded))
    }
}

impl fmt::Debug for KeyBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyBytes")
    }
}

/// The key of a session. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct DataKey {
    /// The tenant.
    pub organization: Arc<str>,
    /// The session row.
    pub session: Arc<str>,
    /// The key itself.
    pub bytes: KeyBytes,
}

impl DataKey {
    /// For the session's parts in one object.
    #[must_use]
    pub fn in_object(&self, object: &str) -> PartSeal {
        let mut place = Vec::with_capacity(96 + object.len());
        for name in [&*self.organization, &*self.session, object] {
            place.extend_from_slice(&(name.len() as u64).to_be_bytes());
            place.extend_from_slice(name.as_bytes());
        }
        PartSeal {
            key: self.bytes.subkey("crow part", object),
            place,
        }
    }
}

/// Seals and opens the parts of one session in one object.
pub struct PartSeal {
    key: LessSafeKey,
    /// Organization, session row and object key, each with its length.
    place: Vec<u8>,
}

impl fmt::Debug for PartSeal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PartSeal")
    }
}

impl PartSeal {
    /// Appends a part to the object's bytes. Its offset is their length.
    pub(crate) fn append(&self, compressed: &[u8], object: &mut Vec<u8>) {
        let offset = object.len() as u64;
        let length = compressed.len() + AES_256_GCM.tag_len();
        let length = u32::try_from(length).expect("a part is far smaller than 4 GiB");
        object.extend_from_slice(&MAGIC);
        object.extend_from_slice(&length.to_le_bytes());
        let start = object.len();
        object.extend_from_slice(compressed);
        let nonce = nonce_at(offset);
        let aad = Aad::from(self.place_at(offset));
        let sealed = self
            .key
            .seal_in_place_separate_tag(nonce, aad, &mut object[start..]);
        let tag = sealed.expect("a part is far smaller than the limit of GCM, 64 GiB");
        object.extend_from_slice(tag.as_ref());
    }

    /// Decrypts the part at the offset in place; returns its compressed bytes.
    fn open<'a>(&self, offset: u64, sealed: &'a mut [u8]) -> io::Result<&'a mut [u8]> {
        let aad = Aad::from(self.place_at(offset));
        let opened = self.key.open_in_place(nonce_at(offset), aad, sealed);
        opened.map_err(|_unspecified| {
            invalid(
                "a sealed part cannot be opened: it is damaged, or was sealed for another place",
            )
        })
    }

    fn place_at(&self, offset: u64) -> Vec<u8> {
        let mut place = self.place.clone();
        place.extend_from_slice(&offset.to_be_bytes());
        place
    }
}

fn nonce_at(offset: u64) -> Nonce {
    let mut nonce = [0; NONCE_LEN];
    nonce[NONCE_LEN - 8..].copy_from_slice(&offset.to_be_bytes());
    Nonce::assume_unique_for_key(nonce)
}

fn invalid(text: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, text)
}

/// Reads adjacent sealed parts as one compressed text. Memory holds one opened part.
pub(crate) struct OpenedParts {
    seal: PartSeal,
    /// Sealed parts that follow.
    rest: Bytes,
    /// Offset of `rest` in the object.
    offset: u64,
    part: Vec<u8>,
    /// Read from `part` already; the tag at its end is left out.
    read: usize,
    end: usize,
}

impl OpenedParts {
    /// `parts` begin at the offset in their object.
    pub(crate) fn new(seal: PartSeal, parts: Bytes, offset: u64) -> Self {
        Self {
            seal,
            rest: parts,
            offset,
            part: Vec::new(),
            read: 0,
            end: 0,
        }
    }

    fn open_next(&mut self) -> io::Result<()> {
        let length = next_part(&self.rest)?;
        self.part.clear();
        self.part
            .extend_from_slice(&self.rest[HEADER..HEADER + length]);
        (self.read, self.end) = (0, 0);
        self.end = self.seal.open(self.offset, &mut self.part)?.len();
        self.rest.advance(HEADER + length);
        self.offset += (HEADER + length) as u64;
        Ok(())
    }
}

/// Length of the part at the front, without its header.
fn next_part(bytes: &[u8]) -> io::Result<usize> {
    let header = bytes.first_chunk::<HEADER>();
    let header = header.ok_or_else(|| invalid("a sealed part has no header"))?;
    let [a, b, c, d, length @ ..] = *header;
    if [a, b, c, d] != MAGIC {
        return Err(invalid("a part is not sealed, although its object is"));
    }
    let length = u32::from_le_bytes(length) as usize;
    if bytes.len() - HEADER < length {
        return Err(invalid("a sealed part is cut off"));
    }
    Ok(length)
}

/// The places of the sealed parts at the front of an object, each with its length.
pub(crate) fn parts_of(object: &[u8]) -> Vec<(u64, u64)> {
    let mut parts = Vec::new();
    let mut at = 0;
    while let Ok(length) = next_part(&object[at..]) {
        parts.push((at as u64, (HEADER + length) as u64));
        at += HEADER + length;
    }
    parts
}

impl BufRead for OpenedParts {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.read == self.end && !self.rest.is_empty() {
            self.open_next()?;
        }
        Ok(&self.part[self.read..self.end])
    }

    fn consume(&mut self, amount: usize) {
        self.read += amount;
    }
}

impl Read for OpenedParts {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

#[cfg(test)]
mod tests;
